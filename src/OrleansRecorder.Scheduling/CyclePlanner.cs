using System.Collections.Immutable;

namespace OrleansRecorder.Scheduling;

/// <summary>
/// Plans a cycle. The same demands and limits always give the same plan.
/// <list type="number">
/// <item>Never more than <see cref="CycleLimits.MaxConcurrent"/> at once; nothing past <see cref="CycleLimits.TotalSeconds"/>; two streams of one key never at once.</item>
/// <item>If everything fits, every stream gets its whole duration. Those that waited come first, the longest wait before all; then the heaviest; then by index.</item>
/// <item>If not, recording time is shared in proportion to weight, no stream more than it asked for, none less than the minimum
/// (or than its ask, if that is less). Whoever finds no place waits, and comes first in the next cycle.</item>
/// </list>
/// </summary>
public static class CyclePlanner
{
    /// <summary>Plans one cycle; with no streams the plan is empty.</summary>
    /// <exception cref="ArgumentException">A number is out of range, or an index occurs twice.</exception>
    public static CyclePlan Plan(IReadOnlyList<StreamDemand> streams, CycleLimits limits)
    {
        Check(streams, limits);
        if (streams.Count == 0) return new CyclePlan([], limits);

        var totalMs = Math.Max(1, Milliseconds.From(limits.TotalSeconds));
        var minimumMs = Milliseconds.From(limits.MinDurationSeconds);
        Claim[] claims = [.. streams
            .OrderByDescending(s => s.WaitedCycles).ThenByDescending(s => s.Weight).ThenBy(s => s.Index)
            .Select((s, rank) => new Claim(s, rank, totalMs, minimumMs))];

        var slotCount = Math.Min(limits.MaxConcurrent, claims.Length);
        var slots = WholeDurations.TryPlace(claims, slotCount, totalMs) ?? SharedDurations.Place(claims, slotCount, totalMs, limits.Cycle);
        return new CyclePlan(InStartOrder(claims, slots), limits);
    }

    private static ImmutableArray<PlannedTask> InStartOrder(Claim[] claims, List<List<Grant>> slots)
    {
        var starts = new List<(long OffsetMs, Grant Grant)>();
        foreach (var slot in slots)
        {
            long offsetMs = 0;
            foreach (var grant in slot.OrderBy(g => g.Claim.Rank))
            {
                starts.Add((offsetMs, grant));
                offsetMs += grant.DurationMs;
            }
        }

        var placed = starts.Select(s => s.Grant.Claim).ToHashSet();
        return
        [
            .. starts.OrderBy(s => s.OffsetMs).ThenBy(s => s.Grant.Claim.Rank).Select(s => Placed(s.Grant, s.OffsetMs)),
            .. claims.Where(c => !placed.Contains(c)).Select(c => new PlannedTask(c.Demand.Index, c.Demand.Key, c.Demand.DurationSeconds, 0, null)),
        ];
    }

    private static PlannedTask Placed(Grant grant, long offsetMs)
    {
        var demand = grant.Claim.Demand;
        var whole = grant.DurationMs == Milliseconds.From(demand.DurationSeconds);
        return new PlannedTask(demand.Index, demand.Key, demand.DurationSeconds,
            whole ? demand.DurationSeconds : Milliseconds.ToSeconds(grant.DurationMs), Milliseconds.ToSeconds(offsetMs));
    }

    private static void Check(IReadOnlyList<StreamDemand> streams, CycleLimits limits)
    {
        Require(IsPositive(limits.TotalSeconds), nameof(limits.TotalSeconds));
        Require(limits.MaxConcurrent >= 1, nameof(limits.MaxConcurrent));
        Require(double.IsFinite(limits.MinDurationSeconds) && limits.MinDurationSeconds >= 0, nameof(limits.MinDurationSeconds));
        Require(streams.All(s => IsPositive(s.DurationSeconds)), nameof(StreamDemand.DurationSeconds));
        Require(streams.All(s => IsPositive(s.Weight)), nameof(StreamDemand.Weight));
        Require(streams.DistinctBy(s => s.Index).Count() == streams.Count, nameof(StreamDemand.Index));
    }

    private static bool IsPositive(double value) => double.IsFinite(value) && value > 0;

    private static void Require(bool holds, string name)
    {
        if (!holds) throw new ArgumentException($"{name} is out of range");
    }
}
