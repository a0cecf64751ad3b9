using OrleansRecorder.Captures;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Ingest;

/// <summary>Ends of a connection that we decide on, in words.</summary>
internal static class IngestMessages
{
    /// <summary>The session threw.</summary>
    public static SourceEnd Defect { get; } = new(CaptureCause.Internal, new LocalizedText("录制程序内部错误，连接已结束；详情见日志", "A defect of the recorder ended the connection; the log says more."));

    /// <summary>The thread died; another takes the stream when it connects again.</summary>
    public static SourceEnd ThreadLost { get; } = new(CaptureCause.Disconnected, new LocalizedText("接收线程出错并已更换，需要重新连接", "The thread that took the stream in failed and was replaced: the stream has to be connected again."));

    /// <summary>The camera sends another codec than it described.</summary>
    public static SourceEnd OtherFormat { get; } = new(CaptureCause.Disconnected, new LocalizedText("摄像机更换了编码格式，需要重新连接", "The camera has changed to another codec: the stream has to be connected again."));
}
