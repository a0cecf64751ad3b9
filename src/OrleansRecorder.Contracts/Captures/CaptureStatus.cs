namespace OrleansRecorder.Captures;

/// <summary>The state of a task and of its capture; the numbers are the API's <c>status_code</c>.</summary>
[GenerateSerializer, Alias("recorder.CaptureStatus")]
public enum CaptureStatus
{
    /// <summary>Planned, waiting for its turn.</summary>
    Waiting = 0,

    /// <summary>Between DNS and the answer to PLAY, also while reconnecting.</summary>
    Connecting = 1,

    /// <summary>PLAY was accepted; no key frame has been written yet.</summary>
    Connected = 2,

    /// <summary>From the first key frame written.</summary>
    Recording = 3,

    /// <summary>Recorded its whole time.</summary>
    Completed = 4,

    /// <summary>The link: DNS, refused, unreachable, TLS, authentication, protocol nonsense, or broken and not back in time.</summary>
    ConnectionError = 5,

    /// <summary>Our side: disk, writing, a codec that cannot be stored, interrupted by a crash.</summary>
    RecordingError = 6,

    /// <summary>Silence: a connection or read timeout ran out.</summary>
    TimedOut = 7,

    /// <summary>Stopped by the operator, or by the end of the cycle before it had media.</summary>
    Cancelled = 8,

    /// <summary>The server answers, but there is no such stream or no media in it.</summary>
    Unavailable = 9,
}

/// <summary>What the status codes mean to the API and to the statistics.</summary>
public static class CaptureStatusExtensions
{
    private static readonly LocalizedText[] Texts =
    [
        new("等待中", "waiting"), new("连接中", "connecting"), new("已连接", "connected"), new("录制中", "recording"),
        new("已完成", "completed"), new("连接错误", "connection error"), new("录制错误", "recording error"),
        new("超时", "timed out"), new("已取消", "cancelled"), new("流不可用", "stream unavailable"),
    ];

    /// <summary>The API's <c>status_text</c>.</summary>
    public static LocalizedText Text(this CaptureStatus status) => Texts[(int)status];

    /// <summary>The API's <c>status_name</c>: as <see cref="Text"/>, but 空闲 for waiting and 完成 for completed.</summary>
    public static LocalizedText Name(this CaptureStatus status) => status switch
    {
        CaptureStatus.Waiting => new("空闲", "idle"),
        CaptureStatus.Completed => new("完成", "complete"),
        _ => Texts[(int)status],
    };

    /// <summary>Connecting, connected or recording: the capture holds one of the cycle's slots.</summary>
    public static bool IsActive(this CaptureStatus status) => status is CaptureStatus.Connecting or CaptureStatus.Connected or CaptureStatus.Recording;

    /// <summary>The task is over, well or not.</summary>
    public static bool IsTerminal(this CaptureStatus status) => status >= CaptureStatus.Completed;

    /// <summary>Counts as failed in the statistics; cancelled does not.</summary>
    public static bool IsFailure(this CaptureStatus status) =>
        status is CaptureStatus.ConnectionError or CaptureStatus.RecordingError or CaptureStatus.TimedOut or CaptureStatus.Unavailable;
}
