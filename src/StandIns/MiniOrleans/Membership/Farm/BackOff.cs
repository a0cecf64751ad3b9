namespace Orleans.Runtime;

/// <summary>Growing pauses between attempts, spread so that silos which failed together do not try again together.</summary>
internal sealed class BackOff
{
    private readonly TimeSpan _first;
    private readonly TimeSpan _longest;
    private TimeSpan _next;

    public BackOff(TimeSpan first, TimeSpan longest)
    {
        _first = _next = first;
        _longest = longest;
    }

    /// <summary>The pause before the next attempt, between half of the present step and all of it.</summary>
    public TimeSpan Next()
    {
        var pause = _next * (0.5 + (Random.Shared.NextDouble() / 2));
        _next = _next * 2 < _longest ? _next * 2 : _longest;
        return pause;
    }

    /// <summary>An attempt worked.</summary>
    public void Reset() => _next = _first;
}
