namespace OrleansRecorder.Media.Recordings;

/// <summary>
/// Places audio by counting samples, which no network disturbs, and follows the track's clock only when both have come apart: a gap is kept,
/// what comes too early is dropped.
/// </summary>
internal sealed class AudioTimes(int sampleRate)
{
    private readonly long _gapLimit = sampleRate / 10;
    private readonly long _leadLimit = sampleRate / 2;
    private long? _next;
    private bool _mustAlign;

    /// <summary>The clock was put right: what comes next goes where it says, however near that is to the count.</summary>
    public void Align() => _mustAlign = true;

    /// <summary>Where samples go, counted from the start of the connection; null when they must be dropped.</summary>
    /// <param name="claimed">Where the track's clock puts them.</param>
    /// <param name="count">How many they are.</param>
    public long? Place(long claimed, int count)
    {
        var at = _next is { } next ? After(next, claimed, count) : First(claimed);
        if (at is { } place) _next = place + count;
        return at;
    }

    private long First(long claimed)
    {
        _mustAlign = false;
        return claimed;
    }

    // Too early by half a second: all of it is dropped, not only what is beyond the limit, or sound would stay half a second late.
    private long? After(long next, long claimed, int count)
    {
        _mustAlign |= next - claimed > _leadLimit;
        if (!_mustAlign) return claimed - next < _gapLimit ? next : claimed;
        if (next - claimed > count / 2) return null;
        _mustAlign = false;
        return Math.Max(next, claimed);
    }
}
