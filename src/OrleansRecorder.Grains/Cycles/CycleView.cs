using System.Globalization;
using OrleansRecorder.Captures;

namespace OrleansRecorder.Cycles;

/// <summary>Shows a cycle to the outside: snapshots and reports.</summary>
internal static class CycleView
{
    public static CycleReport Report(CycleRun run, CycleSnapshot cycle, TimeZoneInfo zone) => new()
    {
        Cycle = cycle,
        ReportFilename = run.Settings.ReportFilename,
        MaxConcurrentStreams = run.Settings.MaxConcurrentStreams,
        ConnectionTimeoutSeconds = run.Settings.ConnectionTimeoutSeconds,
        ReadTimeoutSeconds = run.Settings.ReadTimeoutSeconds,
        PollCycles = run.Settings.PollCycles,
        CycleIntervalSeconds = run.Settings.CycleIntervalSeconds,
        Notes = [.. Notes(run, zone)],
    };

    public static CycleSnapshot Snapshot(CycleState state, CycleRun? run, CycleTask[] tasks, long version, DateTimeOffset now)
    {
        var elapsed = run is null ? 0 : ((run.EndedAt ?? now) - run.StartedAt).TotalSeconds;
        return new CycleSnapshot
        {
            IsRunning = state.Phase != CyclePhase.Idle,
            StartedAt = state.StartedAt,
            EndedAt = state.EndedAt,
            Cycle = run?.Number ?? 0,
            CycleDirectory = run?.Directory ?? "",
            OutputDirectory = run?.Settings.OutputDirectory ?? "",
            CycleStartedAt = run?.StartedAt,
            CycleEndedAt = run?.EndedAt,
            TotalSeconds = run?.Settings.TotalSeconds ?? 0,
            ElapsedSeconds = Math.Clamp(elapsed, 0, run?.Settings.TotalSeconds ?? 0),
            Statistics = Statistics(tasks, run?.MaxConcurrentUsed ?? 0),
            Tasks = tasks,
            Version = version,
            NextCycleAt = state.NextCycleAt,
        };
    }

    public static CycleTask Task(TaskState task, CaptureProgress? progress) => new()
    {
        TaskId = task.TaskId,
        StreamIndex = task.StreamIndex,
        RtspUrl = task.Stream,
        OutputFilename = task.OutputFilename,
        DurationSeconds = task.DurationSeconds,
        PlannedSeconds = task.PlannedSeconds,
        PlannedOffsetSeconds = task.PlannedOffsetSeconds,
        Status = Status(task, progress),
        StartedAt = task.StartedAt,
        EndedAt = task.EndedAt,
        RecordedSeconds = task.RecordedSeconds + (progress?.Recorded.TotalSeconds ?? 0),
        Bytes = task.Bytes + (progress?.Bytes ?? 0),
        Frames = task.Frames + (progress?.Frames ?? 0),
        Message = task.Message,
        Cause = task.Cause,
        Node = task.Node,
        Attempt = task.Attempt,
        Codec = progress is { Codec.Length: > 0 } ? progress.Codec : task.Codec,
        Width = progress is { Width: > 0 } ? progress.Width : task.Width,
        Height = progress is { Height: > 0 } ? progress.Height : task.Height,
        FirstFrameMs = task.FirstFrameMs ?? progress?.FirstFrameMs,
        Parts = [.. task.Parts],
        Warnings = [.. task.Warnings],
        Connections = task.Connections,
    };

    private static CaptureStatus Status(TaskState task, CaptureProgress? progress) => task.Stage switch
    {
        TaskStage.Waiting => CaptureStatus.Waiting,
        TaskStage.Running when progress is { } p && p.Status.IsActive() => p.Status,
        TaskStage.Running => CaptureStatus.Connecting,
        _ => task.Status,
    };

    private static CycleStatistics Statistics(CycleTask[] tasks, int maxConcurrentUsed) => new()
    {
        Total = tasks.Length,
        Completed = tasks.Count(t => t.Status == CaptureStatus.Completed),
        Failed = tasks.Count(t => t.Status.IsFailure()),
        Cancelled = tasks.Count(t => t.Status == CaptureStatus.Cancelled),
        MaxConcurrentUsed = maxConcurrentUsed,
    };

    private static IEnumerable<LocalizedText> Notes(CycleRun run, TimeZoneInfo zone)
    {
        foreach (var note in run.Interruptions) yield return CycleTexts.InterruptedFrom(Local(note.From, zone), Local(note.To, zone), note.Node);
        if (run.StoppedAt is { } stopped) yield return CycleTexts.StoppedAt(Local(stopped, zone));
    }

    private static string Local(DateTimeOffset time, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
