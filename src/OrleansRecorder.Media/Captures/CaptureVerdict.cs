using OrleansRecorder.Captures;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Captures;

/// <summary>How a capture ends, by the rules of docs/status-codes.md in their order.</summary>
internal static class CaptureVerdict
{
    private const double Enough = 0.98;

    /// <summary>Cause, status and sentence of the result.</summary>
    /// <param name="stop">Who stopped it, or null.</param>
    /// <param name="last">How the last connection ended by itself, or null when it was stopped in its midst.</param>
    /// <param name="recorded">Media of all files.</param>
    /// <param name="wanted">Media asked for.</param>
    public static (CaptureCause Cause, CaptureStatus Status, LocalizedText Message) Of(CaptureCause? stop, SourceEnd? last, TimeSpan recorded, TimeSpan wanted)
    {
        if (stop is CaptureCause.Stopped or CaptureCause.Interrupted) return (stop.Value, stop.Value.Status(), Text(stop.Value));
        if (last is { } ours && ours.Cause.Status() == CaptureStatus.RecordingError) return (ours.Cause, CaptureStatus.RecordingError, ours.Message);
        if (recorded >= wanted * Enough) return (CaptureCause.DurationReached, CaptureStatus.Completed, LocalizedText.Empty);
        if (last is { } failed && failed.Cause != CaptureCause.DurationReached) return (failed.Cause, failed.Cause.Status(), failed.Message);
        if (last is not null) return (CaptureCause.DurationReached, CaptureStatus.Completed, LocalizedText.Empty);
        var cause = stop ?? CaptureCause.Internal;
        return (cause, recorded > TimeSpan.Zero ? CaptureStatus.Completed : cause.Status(), recorded > TimeSpan.Zero ? LocalizedText.Empty : Text(cause));
    }

    private static LocalizedText Text(CaptureCause cause) => cause switch
    {
        CaptureCause.Stopped => new("已由操作员停止", "Stopped by the operator."),
        CaptureCause.Interrupted => new("录制程序在录制过程中结束", "The recorder ended in the middle of the capture."),
        CaptureCause.CycleEnded => new("本轮时间已到，尚未收到视频", "The cycle ended before any picture came."),
        _ => new("录制结束", "The capture ended."),
    };
}
