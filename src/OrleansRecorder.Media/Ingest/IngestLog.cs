using Microsoft.Extensions.Logging;

namespace OrleansRecorder.Media.Ingest;

/// <summary>What the ingest threads log: 3200 to 3299.</summary>
internal static partial class IngestLog
{
    [LoggerMessage(3200, LogLevel.Error, "A defect of the recorder ended the connection of {Session}")]
    public static partial void SessionFailed(ILogger logger, Exception exception, string session);

    [LoggerMessage(3201, LogLevel.Error, "Ingest thread {Number} has died with {Sessions} connections, which are made again on another one")]
    public static partial void ThreadDied(ILogger logger, Exception exception, int number, int sessions);

    [LoggerMessage(3202, LogLevel.Information, "Ingest thread {Number} hands {Sessions} of its connections to thread {Other}")]
    public static partial void Relieved(ILogger logger, int number, int sessions, int other);
}
