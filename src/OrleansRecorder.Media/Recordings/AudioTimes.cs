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

    /// <summary>Where samples go, counted from the start of the file; null when they must be dropped.</summary>
    /// <param name="claimed">Where the track's clock puts them.</param>
    /// <param name="count">How many they are.</param>
    public long? Place(long claimed, int count)
    {
        var at = _next is { } next && claimed - next < _gapLimit ? next : claimed;
        if (at - claimed > _leadLimit) return null;
        _next = at + count;
        return at;
    }
}
