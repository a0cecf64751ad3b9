namespace OrleansRecorder.Scheduling;

/// <summary>What a cycle has to give.</summary>
/// <param name="TotalSeconds">Nothing runs past this many seconds after the cycle's start; greater than 0.</param>
/// <param name="MaxConcurrent">The number of slots: never more captures than this at once; at least 1.</param>
/// <param name="MinDurationSeconds">A stream is not shortened below this; 0 or more.</param>
/// <param name="Cycle">The cycle's number: decides who of several equal streams has the better slot, so that each is favoured in turn.</param>
public sealed record CycleLimits(double TotalSeconds, int MaxConcurrent, double MinDurationSeconds = 5, long Cycle = 0)
{
    /// <summary>Bounds the sessions of each camera host, when slots are given out. The plan does not know of them: it spreads offsets as if every host had room.</summary>
    public SessionLimits Sessions { get; init; } = SessionLimits.None;
}
