using OrleansRecorder.Captures;

namespace OrleansRecorder.Media.Rtsp;

/// <summary>What a server's refusal means for a capture (docs/status-codes.md).</summary>
internal static class RtspStatus
{
    /// <summary>The cause of a status from 300 on.</summary>
    public static CaptureCause Cause(int status) => status switch
    {
        401 or 403 or 407 => CaptureCause.Authentication,
        404 or 410 or 454 => CaptureCause.NotFound,
        408 => CaptureCause.ConnectTimeout,
        453 or 500 or 502 or 503 or 504 => CaptureCause.Busy,
        _ => CaptureCause.Negotiation,
    };
}
