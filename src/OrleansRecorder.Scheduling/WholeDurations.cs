namespace OrleansRecorder.Scheduling;

/// <summary>Rule 2 of the cycle: everyone's whole duration, if there is a way to place them all.</summary>
internal static class WholeDurations
{
    /// <summary>The slots with their streams; null when no placement was found.</summary>
    public static List<List<Grant>>? TryPlace(Claim[] claims, int slotCount, long totalMs)
    {
        if (claims.Sum(c => c.AskMs) > slotCount * totalMs) return null;

        // Streams of one key follow each other in one slot, so they never run at once.
        Chain[] byRank = [.. claims.GroupBy(c => (object?)c.Demand.Key ?? c).Select(g => new Chain([.. g])).OrderBy(c => c.Rank)];
        Chain[] longestFirst = [.. byRank.OrderByDescending(c => c.AskMs)];
        if (longestFirst[0].AskMs > totalMs) return null;

        return Deal(byRank, slotCount, totalMs)
            ?? Deal(longestFirst, slotCount, totalMs)
            ?? Fill(longestFirst, SlotPacking.TryPack([.. longestFirst.Select(c => c.AskMs)], slotCount, totalMs), slotCount);
    }

    private static List<List<Grant>>? Deal(Chain[] chains, int slotCount, long totalMs)
    {
        var loads = new PriorityQueue<int, (long LoadMs, int Slot)>(Enumerable.Range(0, slotCount).Select(s => (s, (0L, s))));
        var slotOf = new int[chains.Length];
        for (var i = 0; i < chains.Length; i++)
        {
            loads.TryDequeue(out var slot, out var load);
            var loadMs = load.LoadMs + chains[i].AskMs;
            if (loadMs > totalMs) return null;
            loads.Enqueue(slot, (loadMs, slot));
            slotOf[i] = slot;
        }

        return Fill(chains, slotOf, slotCount);
    }

    private static List<List<Grant>>? Fill(Chain[] chains, int[]? slotOf, int slotCount)
    {
        if (slotOf is null) return null;
        List<List<Grant>> slots = [.. Enumerable.Range(0, slotCount).Select(_ => new List<Grant>())];
        for (var i = 0; i < chains.Length; i++) slots[slotOf[i]].AddRange(chains[i].Claims.Select(c => new Grant(c, c.AskMs)));
        return slots;
    }

    private sealed record Chain(Claim[] Claims)
    {
        public long AskMs { get; } = Claims.Sum(c => c.AskMs);

        public int Rank { get; } = Claims.Min(c => c.Rank);
    }
}
