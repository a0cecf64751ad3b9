using OrleansRecorder.Captures;
using OrleansRecorder.Media.Native;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Captures;

/// <summary>What an exception while writing means.</summary>
internal static class WriteFailure
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>The cause and a sentence; anything unexpected is a defect of ours.</summary>
    public static SourceEnd Describe(Exception exception) => exception switch
    {
        IOException { HResult: NoSpace or QuotaExceeded or WindowsDiskFull } => new(CaptureCause.DiskFull,
            new LocalizedText("磁盘已满，录制停止；请清理录像或扩大磁盘", "The disk is full. Delete recordings or enlarge the disk.")),
        IOException or UnauthorizedAccessException => new(CaptureCause.WriteFailed,
            new LocalizedText($"无法写入录像文件：{exception.Message}", $"The recording could not be written: {exception.Message}")),
        FFmpegException or NotSupportedException => new(CaptureCause.UnsupportedCodec,
            new LocalizedText($"该视频无法存入 MP4：{exception.Message}", $"This stream cannot be stored in MP4: {exception.Message}")),
        _ => new(CaptureCause.Internal, new LocalizedText($"内部错误：{exception.GetType().Name}", $"Internal error: {exception.GetType().Name}: {exception.Message}")),
    };
}
