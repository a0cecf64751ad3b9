namespace OrleansRecorder.Scheduling;

/// <summary>A task that starts now.</summary>
/// <param name="Index">The stream's place in the configuration.</param>
/// <param name="DurationSeconds">For how long it may record.</param>
public readonly record struct TaskStart(int Index, double DurationSeconds);

/// <summary>How far a cycle is.</summary>
/// <param name="ElapsedSeconds">Since the cycle's start.</param>
/// <param name="Waiting">The indexes of the tasks that have not been started.</param>
/// <param name="Active">The indexes of the tasks that hold a slot: started and not really ended, however late they are.</param>
public sealed record CycleProgress(double ElapsedSeconds, IReadOnlySet<int> Waiting, IReadOnlySet<int> Active)
{
    /// <summary>Keys that are busy for another reason than an active task, such as a capture of the cycle before.</summary>
    public IReadOnlySet<string> BusyKeys { get; init; } = new HashSet<string>();

    /// <summary>The hosts of captures that are no active task: each occurrence is a session.</summary>
    public IReadOnlyList<string> BusyServers { get; init; } = [];
}

/// <summary>
/// Gives out the slots while a cycle runs: call it at the start, and whenever a task has ended or a key is no longer busy.
/// A slot that comes free is used at once, early or late, in the order of the plan; so a task that ends early only moves the others forward.
/// </summary>
public static class SlotDispatcher
{
    private const double Instant = 0.001;

    /// <summary>The tasks that start now, in order; never more than there are free slots.</summary>
    public static IReadOnlyList<TaskStart> StartNow(CyclePlan plan, CycleProgress progress)
    {
        var starts = new List<TaskStart>();
        var free = plan.Limits.MaxConcurrent - progress.Active.Count;
        if (free <= 0) return starts;

        var busy = new HashSet<string>(progress.BusyKeys);
        busy.UnionWith(plan.Tasks.Where(t => progress.Active.Contains(t.Index)).Select(t => t.Key).OfType<string>());
        var sessions = Sessions(plan, progress);
        var withoutPlace = plan.Tasks.Count(t => !t.HasPlace && progress.Waiting.Contains(t.Index) && CanStart(plan, t, progress.ElapsedSeconds));
        foreach (var task in plan.Tasks)
        {
            if (free == 0) break;
            if (!progress.Waiting.Contains(task.Index) || !CanStart(plan, task, progress.ElapsedSeconds)) continue;
            if (IsHeldBack(plan, task, sessions) || (task.Key is { } key && !busy.Add(key))) continue;
            if (task.Server is { } server) sessions[server] = sessions.GetValueOrDefault(server) + 1;

            starts.Add(new TaskStart(task.Index, Granted(plan, task, progress.ElapsedSeconds, free, withoutPlace)));
            free--;
            if (!task.HasPlace) withoutPlace--;
        }

        return starts;
    }

    /// <summary>The waiting tasks that cannot start now because their camera host has all the sessions it may have. They hold up no other.</summary>
    public static IReadOnlyList<int> HeldBack(CyclePlan plan, CycleProgress progress)
    {
        var sessions = Sessions(plan, progress);
        return [.. plan.Tasks.Where(t => progress.Waiting.Contains(t.Index) && IsHeldBack(plan, t, sessions)).Select(t => t.Index)];
    }

    /// <summary>The waiting tasks for which it is too late in this cycle; they are cancelled, and come first in the next one.</summary>
    public static IReadOnlyList<int> TooLate(CyclePlan plan, CycleProgress progress) =>
        [.. plan.Tasks.Where(t => progress.Waiting.Contains(t.Index) && !CanStart(plan, t, progress.ElapsedSeconds)).Select(t => t.Index)];

    private static Dictionary<string, int> Sessions(CyclePlan plan, CycleProgress progress) =>
        plan.Tasks.Where(t => progress.Active.Contains(t.Index)).Select(t => t.Server).OfType<string>().Concat(progress.BusyServers)
            .CountBy(server => server).ToDictionary();

    private static bool IsHeldBack(CyclePlan plan, PlannedTask task, Dictionary<string, int> sessions) =>
        task.Server is { } server && sessions.GetValueOrDefault(server) >= plan.Limits.Sessions.Of(server);

    // A plan that fills the cycle has no time for connecting, so its last tasks always start late: they may lose half of their least.
    private static bool CanStart(CyclePlan plan, PlannedTask task, double elapsed) =>
        plan.Limits.TotalSeconds - elapsed is >= Instant and var left && left >= (task.HasPlace ? Least(plan, task) / 2 : Least(plan, task));

    private static double Least(CyclePlan plan, PlannedTask task) =>
        Math.Min(plan.Limits.MinDurationSeconds, Math.Min(task.AskedSeconds, plan.Limits.TotalSeconds));

    // What has no place shares the room that others left: the free slots' time by the number that still wait for it.
    private static double Granted(CyclePlan plan, PlannedTask task, double elapsed, int freeSlots, int withoutPlace)
    {
        var left = plan.Limits.TotalSeconds - elapsed;
        if (task.HasPlace) return Math.Min(task.PlannedSeconds, left);
        var turns = (withoutPlace + freeSlots - 1) / freeSlots;
        return Math.Min(Math.Max(left / turns, Least(plan, task)), Math.Min(task.AskedSeconds, left));
    }
}
