namespace OrleansRecorder.Scheduling;

/// <summary>
/// Places sizes into slots of equal capacity where dealing them out one by one overflows. Exact for small cases; for large ones,
/// which are easy unless they are almost full, the search gives up after a bounded number of steps.
/// </summary>
internal sealed class SlotPacking
{
    private const int LargestCase = 1000;
    private const int MostLooksAtSlots = 5_000_000;

    private readonly long[] _sizes;
    private readonly long[] _free;
    private readonly int[] _slotOf;
    private long _spare;
    private int _stepsLeft;

    private SlotPacking(long[] sizes, int slotCount, long capacity)
    {
        _sizes = sizes;
        _free = new long[slotCount];
        _slotOf = new int[sizes.Length];
        _spare = slotCount * capacity - sizes.Sum();
        _stepsLeft = MostLooksAtSlots / slotCount;
        Array.Fill(_free, capacity);
    }

    /// <summary>The slot of each size, or null when none was found.</summary>
    /// <param name="sizes">Largest first.</param>
    /// <param name="slotCount">How many slots there are.</param>
    /// <param name="capacity">What each of them holds.</param>
    public static int[]? TryPack(long[] sizes, int slotCount, long capacity)
    {
        if (sizes.Length > LargestCase) return null;
        var packing = new SlotPacking(sizes, slotCount, capacity);
        return packing.Place(0) ? packing._slotOf : null;
    }

    private bool Place(int item)
    {
        if (item == _sizes.Length) return true;
        foreach (var slot in Candidates(_sizes[item]))
        {
            if (--_stepsLeft < 0) return false;
            _free[slot] -= _sizes[item];
            // What is left of a slot is lost when even the smallest does not go in.
            var lost = _free[slot] < _sizes[^1] ? _free[slot] : 0;
            _spare -= lost;
            _slotOf[item] = slot;
            if (_spare >= 0 && Place(item + 1)) return true;
            _spare += lost;
            _free[slot] += _sizes[item];
        }

        return false;
    }

    // The fullest first; of slots with the same room one is as good as another.
    private List<int> Candidates(long size) =>
        [.. Enumerable.Range(0, _free.Length).Where(s => _free[s] >= size).DistinctBy(s => _free[s]).OrderBy(s => _free[s])];
}
