namespace OrleansRecorder.Scheduling;

/// <summary>
/// Rule 3 of the cycle: recording time by weight. Each stream's fair share is what it would get if one capture could be cut into pieces;
/// the streams are dealt into the slots by it, and then each slot's time is shared among its streams. So no slot stays idle while a stream
/// in it wants more, streams of one slot are in exact proportion, and those of different slots as near to it as whole captures allow.
/// </summary>
internal static class SharedDurations
{
    /// <summary>The slots with their streams; who is in none has no place.</summary>
    public static List<List<Grant>> Place(Claim[] claims, int slotCount, long totalMs, long cycle)
    {
        var byMinimum = new SlotTable(slotCount, totalMs);
        Claim[] admitted = [.. claims.Where(byMinimum.AddToFirst)];

        var fair = WaterFilling.Share(admitted, slotCount * totalMs);
        var byShare = new SlotTable(slotCount, totalMs);
        var turn = (int)(cycle % admitted.Length);
        var dealt = admitted.Select((claim, i) => (Claim: claim, FairMs: fair[i], Turn: (i + turn) % admitted.Length))
            .OrderByDescending(c => c.FairMs).ThenBy(c => c.Turn)
            .All(c => byShare.AddToEmptiest(c.Claim, c.FairMs));

        return [.. (dealt ? byShare : byMinimum).Slots.Select(slot => Share(slot, totalMs))];
    }

    private static List<Grant> Share(List<Claim> slot, long totalMs)
    {
        var shares = WaterFilling.Share(slot, totalMs);
        return [.. slot.Select((claim, i) => new Grant(claim, shares[i]))];
    }

    /// <summary>Slots in which the minimum of every stream has room.</summary>
    private sealed class SlotTable(int count, long totalMs)
    {
        private readonly long[] _leastMs = new long[count];
        private readonly long[] _fairMs = new long[count];
        private readonly Dictionary<string, int> _slotOfKey = [];

        public List<List<Claim>> Slots { get; } = [.. Enumerable.Range(0, count).Select(_ => new List<Claim>())];

        public bool AddToFirst(Claim claim) => Add(claim, 0, Open(claim).FirstOrDefault(-1));

        public bool AddToEmptiest(Claim claim, long fairMs) => Add(claim, fairMs, Open(claim).DefaultIfEmpty(-1).MinBy(s => s < 0 ? 0 : _fairMs[s]));

        private IEnumerable<int> Open(Claim claim)
        {
            var slots = claim.Demand.Key is { } key && _slotOfKey.TryGetValue(key, out var bound) ? [bound] : Enumerable.Range(0, count);
            return slots.Where(s => _leastMs[s] + claim.LeastMs <= totalMs);
        }

        private bool Add(Claim claim, long fairMs, int slot)
        {
            if (slot < 0) return false;
            _leastMs[slot] += claim.LeastMs;
            _fairMs[slot] += fairMs;
            if (claim.Demand.Key is { } key) _slotOfKey[key] = slot;
            Slots[slot].Add(claim);
            return true;
        }
    }
}
