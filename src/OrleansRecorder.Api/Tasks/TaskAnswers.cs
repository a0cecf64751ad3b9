using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Api.Tasks;

/// <summary>The tasks of the current (or last) cycle as they are now.</summary>
public record TaskStatusList
{
    /// <summary>The scheduler runs: in a cycle, or in the pause between two.</summary>
    public required bool SchedulerRunning { get; init; }

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

    /// <summary>By their number.</summary>
    public required IEnumerable<TaskDocument> Tasks { get; init; }

    internal static TaskStatusList From(CycleSnapshot cycle, DocumentStyle style) => new()
    {
        SchedulerRunning = cycle.IsRunning,
        TotalTasks = cycle.Statistics.Total,
        CompletedTasks = cycle.Statistics.Completed,
        FailedTasks = cycle.Statistics.Failed,
        CancelledTasks = cycle.Statistics.Cancelled,
        MaxConcurrentUsed = cycle.Statistics.MaxConcurrentUsed,
        CompletionRate = cycle.Statistics.CompletionRate,
        Tasks = cycle.Tasks.Select(task => TaskDocument.From(task, cycle, style)),
    };
}

/// <summary>The tasks of the current (or last) cycle, with its plan.</summary>
public sealed record TaskList : TaskStatusList
{
    [SetsRequiredMembers]
    private TaskList(CycleSnapshot cycle, DocumentStyle style) : base(TaskStatusList.From(cycle, style))
    {
        Count = cycle.Tasks.Length;
        ScheduleInfo = Plan(cycle);
    }

    /// <summary>All tasks of the cycle.</summary>
    [JsonPropertyOrder(-1)] public int Count { get; }

    /// <summary>The plan for a person, one line a task.</summary>
    [JsonPropertyOrder(1)] public string ScheduleInfo { get; }

    internal static new TaskList From(CycleSnapshot cycle, DocumentStyle style) => new(cycle, style);

    private static string Plan(CycleSnapshot cycle)
    {
        var text = new StringBuilder($"调度方案: {cycle.Tasks.Length}个任务");
        foreach (var task in cycle.Tasks)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n任务 {task.TaskId}: ");
            if (task.PlannedOffsetSeconds is { } offset) text.Append(CultureInfo.InvariantCulture, $"{offset:0.##}秒开始, 持续 {task.PlannedSeconds:0.##}秒");
            else text.Append("本轮没有位置");
        }

        return text.ToString();
    }
}
