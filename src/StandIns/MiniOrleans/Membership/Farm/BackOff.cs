namespace Orleans.Runtime;

/// <summary>Growing pauses between attempts, spread so that silos which failed together do not try again together.</summary>
internal sealed class BackOff(TimeSpan first, TimeSpan longest)
{
    private TimeSpan _next = first;

    /// <summary>The pause before the next attempt, between half of the present step and all of it.</summary>
    public TimeSpan Next()
    {
        var pause = _next * (0.5 + (Random.Shared.NextDouble() / 2));
        _next = _next * 2 < longest ? _next * 2 : longest;
        return pause;
    }

    /// <summary>An attempt worked.</summary>
    public void Reset() => _next = first;
}
