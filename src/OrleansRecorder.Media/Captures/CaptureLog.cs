using Microsoft.Extensions.Logging;
using OrleansRecorder.Captures;

namespace OrleansRecorder.Media.Captures;

/// <summary>What captures log: 3000 to 3099.</summary>
internal static partial class CaptureLog
{
    [LoggerMessage(3000, LogLevel.Information, "{Stream} ended: {Cause}, status {Status}, {Seconds:F1} s recorded. {Message}")]
    public static partial void Ended(ILogger logger, string stream, CaptureCause cause, CaptureStatus status, double seconds, string message);

    // Not for every day: a farm with a hundred broken cameras tries them ten times a second.
    [LoggerMessage(3001, LogLevel.Debug, "{Stream}: {Cause}, connecting again in {Seconds:F1} s. {Message}")]
    public static partial void Retrying(ILogger logger, string stream, CaptureCause cause, double seconds, string message);

    [LoggerMessage(3002, LogLevel.Warning, "Task {TaskId}: its connection did not end after a stop and was left behind")]
    public static partial void LeftBehind(ILogger logger, int taskId);

    [LoggerMessage(3003, LogLevel.Error, "{Stream}: a defect of the recorder ended this capture")]
    public static partial void Defect(ILogger logger, Exception exception, string stream);

    [LoggerMessage(3004, LogLevel.Error, "Task {TaskId}: the disk does not take the end of its file, which was left to the recovery")]
    public static partial void DiskHangs(ILogger logger, int taskId);
}
