using System.Text.Json.Serialization;
using OrleansRecorder.Captures;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Api.Scheduler;

/// <summary>Whether the scheduler runs, since when, and the counts of its current (or last) cycle.</summary>
public sealed record SchedulerStatus
{
    /// <summary>In a cycle, in the pause between two, or writing the reports of the last one.</summary>
    public required bool IsRunning { get; init; }

    /// <summary>When the scheduler was started, local time.</summary>
    public required string StartTime { get; init; }

    /// <summary>When it stopped, local time.</summary>
    public required string EndTime { get; init; }

    /// <summary>All tasks of the cycle.</summary>
    public required int TotalTasks { get; init; }

    /// <summary>Status 4.</summary>
    public required int CompletedTasks { get; init; }

    /// <summary>Status 5, 6, 7 and 9.</summary>
    public required int FailedTasks { get; init; }

    /// <summary>Status 8.</summary>
    public required int CancelledTasks { get; init; }

    /// <summary>The most captures that ran at once.</summary>
    public required int MaxConcurrentUsed { get; init; }

    /// <summary>Completed / total, 0 when there is none.</summary>
    public required double CompletionRate { get; init; }

    internal static SchedulerStatus From(CycleSnapshot cycle, DocumentStyle style) => new()
    {
        IsRunning = cycle.IsRunning,
        StartTime = style.Time(cycle.StartedAt),
        EndTime = style.Time(cycle.EndedAt),
        TotalTasks = cycle.Statistics.Total,
        CompletedTasks = cycle.Statistics.Completed,
        FailedTasks = cycle.Statistics.Failed,
        CancelledTasks = cycle.Statistics.Cancelled,
        MaxConcurrentUsed = cycle.Statistics.MaxConcurrentUsed,
        CompletionRate = cycle.Statistics.CompletionRate,
    };
}

/// <summary>How far the current (or last) cycle is.</summary>
public sealed record CycleDocument
{
    /// <summary>The scheduler runs: in a cycle, in the pause between two, or it writes the reports of the last one.</summary>
    public required bool SchedulerRunning { get; init; }

    /// <summary>The same under the name that other clients read.</summary>
    public bool IsRunning => SchedulerRunning;

    /// <summary>The cycle's number, from 1; 0 before the first.</summary>
    public required long CurrentCycle { get; init; }

    /// <summary>The cycle's times.</summary>
    public required CycleInfo CycleInfo { get; init; }

    /// <summary>The same in the shape that other clients read.</summary>
    public CycleTimes CycleProgress => new(CycleInfo.ElapsedSeconds, CycleInfo.TotalDuration, CycleInfo.ProgressPercentage);

    /// <summary>The counts.</summary>
    public required SchedulerStats SchedulerStats { get; init; }

    /// <summary>The tasks that connect or record now.</summary>
    public required ActiveTask[] ActiveTasks { get; init; }

    internal static CycleDocument From(CycleSnapshot cycle, DocumentStyle style)
    {
        var elapsed = (long)cycle.ElapsedSeconds;
        var percentage = cycle.TotalSeconds > 0 ? Math.Round(Math.Min(100 * elapsed / cycle.TotalSeconds, 100), 2, MidpointRounding.AwayFromZero) : 0;
        return new CycleDocument
        {
            SchedulerRunning = cycle.IsRunning,
            CurrentCycle = cycle.Cycle,
            CycleInfo = new CycleInfo(style.Time(cycle.CycleStartedAt), elapsed, cycle.TotalSeconds, percentage),
            SchedulerStats = SchedulerStats.From(cycle.Statistics),
            ActiveTasks = [.. cycle.Tasks.Where(task => task.Status.IsActive()).Select(ActiveTask.From)],
        };
    }
}

/// <summary>A cycle's times.</summary>
/// <param name="StartTime">Local time.</param>
/// <param name="ElapsedSeconds">Whole seconds since the start, never more than the total.</param>
/// <param name="TotalDuration">The cycle's <c>total_poll_duration_seconds</c>.</param>
/// <param name="ProgressPercentage">0 to 100, two decimals.</param>
public sealed record CycleInfo(string StartTime, long ElapsedSeconds, double TotalDuration, double ProgressPercentage);

/// <summary>A cycle's times in their other shape.</summary>
/// <param name="ElapsedSeconds">Whole seconds since the start, never more than the total.</param>
/// <param name="TotalSeconds">The cycle's <c>total_poll_duration_seconds</c>.</param>
/// <param name="ProgressPercentage">0 to 100, two decimals.</param>
public sealed record CycleTimes(long ElapsedSeconds, double TotalSeconds, double ProgressPercentage);

/// <summary>Counts over the tasks of one cycle.</summary>
/// <param name="TotalTasks">All.</param>
/// <param name="CompletedTasks">Status 4.</param>
/// <param name="FailedTasks">Status 5, 6, 7 and 9.</param>
/// <param name="CancelledTasks">Status 8.</param>
/// <param name="MaxConcurrentUsed">The most captures that ran at once.</param>
/// <param name="CompletionRate">Completed / total, 0 when there is none.</param>
public sealed record SchedulerStats(int TotalTasks, int CompletedTasks, int FailedTasks, int CancelledTasks, int MaxConcurrentUsed, double CompletionRate)
{
    internal static SchedulerStats From(CycleStatistics counts) =>
        new(counts.Total, counts.Completed, counts.Failed, counts.Cancelled, counts.MaxConcurrentUsed, counts.CompletionRate);
}

/// <summary>A task that connects or records.</summary>
/// <param name="StreamIndex">From 0.</param>
/// <param name="Status">1, 2 or 3.</param>
/// <param name="ProgressSeconds">Seconds recorded, to the nearest whole one.</param>
/// <param name="TargetDuration">The seconds that the plan gives it.</param>
public sealed record ActiveTask(int StreamIndex, int Status, long ProgressSeconds, double TargetDuration)
{
    internal static ActiveTask From(CycleTask task) =>
        new(task.StreamIndex, (int)task.Status, (long)Math.Round(task.RecordedSeconds, MidpointRounding.AwayFromZero), task.PlannedSeconds);
}

/// <summary>The scheduler did as it was told.</summary>
/// <param name="Message">Says so.</param>
/// <param name="IsRunning">Whether it runs now.</param>
public sealed record SchedulerChanged(string Message, bool IsRunning)
{
    /// <summary>True.</summary>
    [JsonPropertyOrder(-1)] public bool Success => true;
}
