namespace OrleansRecorder.Captures;

/// <summary>Why a capture, or one attempt of it, ended. One cause has one <see cref="CaptureStatus"/>.</summary>
[GenerateSerializer, Alias("recorder.CaptureCause")]
public enum CaptureCause
{
    /// <summary>The wanted duration, or the end of a bounded source, was reached.</summary>
    DurationReached = 0,

    /// <summary>The cycle's time was over.</summary>
    CycleEnded = 1,

    /// <summary>The operator stopped the scheduler.</summary>
    Stopped = 2,

    /// <summary>The address cannot be used: syntax, scheme or port.</summary>
    BadUrl = 3,

    /// <summary>The host's name has no address.</summary>
    NameNotFound = 4,

    /// <summary>Nobody listens there.</summary>
    Refused = 5,

    /// <summary>No route to the host or its network.</summary>
    Unreachable = 6,

    /// <summary>TLS could not be agreed, or the certificate is not trusted.</summary>
    Tls = 7,

    /// <summary>User name or password was not accepted (401, 403, 407).</summary>
    Authentication = 8,

    /// <summary>The server refuses the method, the transport or the parameters.</summary>
    Negotiation = 9,

    /// <summary>What came back is not RTSP, or breaks its limits.</summary>
    Protocol = 10,

    /// <summary>The connection was closed or reset.</summary>
    Disconnected = 11,

    /// <summary>No answer within <c>connection_timeout_seconds</c>.</summary>
    ConnectTimeout = 12,

    /// <summary>Media stopped for <c>read_timeout_seconds</c>.</summary>
    Stalled = 13,

    /// <summary>The server knows no such stream (404, 410, 454).</summary>
    NotFound = 14,

    /// <summary>The server has no room or is out of order (453, 500, 502, 503, 504).</summary>
    Busy = 15,

    /// <summary>The description holds nothing to record, or no packet came after PLAY.</summary>
    NoMedia = 16,

    /// <summary>Media came, but no key frame within the limit.</summary>
    NoKeyFrame = 17,

    /// <summary>Only codecs that cannot be stored.</summary>
    UnsupportedCodec = 18,

    /// <summary>The file could not be created or written.</summary>
    WriteFailed = 19,

    /// <summary>The disk is full.</summary>
    DiskFull = 20,

    /// <summary>The recorder ended or crashed in the middle.</summary>
    Interrupted = 21,

    /// <summary>A defect of the recorder.</summary>
    Internal = 22,

    /// <summary>The cycle had no place for the stream.</summary>
    NoPlace = 23,
}

/// <summary>What follows from a cause, as the table of failures says (docs/status-codes.md).</summary>
public static class CaptureCauseExtensions
{
    /// <summary>The status a task ends with when this was the cause of its last attempt.</summary>
    public static CaptureStatus Status(this CaptureCause cause) => cause switch
    {
        CaptureCause.DurationReached => CaptureStatus.Completed,
        CaptureCause.CycleEnded or CaptureCause.Stopped or CaptureCause.NoPlace => CaptureStatus.Cancelled,
        CaptureCause.ConnectTimeout or CaptureCause.Stalled => CaptureStatus.TimedOut,
        CaptureCause.NotFound or CaptureCause.Busy or CaptureCause.NoMedia or CaptureCause.NoKeyFrame => CaptureStatus.Unavailable,
        CaptureCause.UnsupportedCodec or CaptureCause.WriteFailed or CaptureCause.DiskFull or CaptureCause.Interrupted or CaptureCause.Internal => CaptureStatus.RecordingError,
        _ => CaptureStatus.ConnectionError,
    };

    /// <summary>Whether another attempt in the same cycle makes sense. A wrong password is never tried twice: cameras lock the account.</summary>
    public static bool IsRetryable(this CaptureCause cause) => cause switch
    {
        CaptureCause.NameNotFound or CaptureCause.Refused or CaptureCause.Unreachable or CaptureCause.Protocol or CaptureCause.Disconnected
            or CaptureCause.ConnectTimeout or CaptureCause.Stalled or CaptureCause.NotFound or CaptureCause.Busy or CaptureCause.NoMedia
            or CaptureCause.NoKeyFrame => true,
        _ => false,
    };
}
