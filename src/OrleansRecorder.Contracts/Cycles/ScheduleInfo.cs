using System.Globalization;
using System.Text;

namespace OrleansRecorder.Cycles;

/// <summary>The API's <c>schedule_info</c>: the plan of a cycle as a text for a person.</summary>
public static class ScheduleInfo
{
    /// <summary>One line a task: <c>任务 0: 0秒开始, 持续 15秒</c>, or that it waits for the next cycle.</summary>
    public static string Text(IReadOnlyCollection<CycleTask> tasks) =>
        Text([.. tasks.Select(t => (t.TaskId, t.PlannedOffsetSeconds, t.PlannedSeconds))]);

    /// <inheritdoc cref="Text(IReadOnlyCollection{CycleTask})"/>
    /// <param name="tasks">Number, planned start in seconds (null without a place) and planned duration in seconds.</param>
    public static string Text(IReadOnlyCollection<(int TaskId, double? OffsetSeconds, double PlannedSeconds)> tasks)
    {
        var text = new StringBuilder($"调度方案: {tasks.Count}个任务");
        foreach (var (id, offset, planned) in tasks)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n任务 {id}: ");
            if (offset is null) text.Append("本轮无空位, 下一轮优先");
            else text.Append(CultureInfo.InvariantCulture, $"{offset:0.##}秒开始, 持续 {planned:0.##}秒");
        }

        return text.ToString();
    }
}
