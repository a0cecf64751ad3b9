namespace OrleansRecorder.Scheduling;

/// <summary>A demand in whole milliseconds, so that sums are exact and nothing runs past the end by a rounding error.</summary>
internal sealed class Claim(StreamDemand demand, int rank, long totalMs, long minimumMs)
{
    public StreamDemand Demand { get; } = demand;

    /// <summary>From 0: those that waited longest, then the heaviest, then the first in the configuration.</summary>
    public int Rank { get; } = rank;

    /// <summary>What it asks for, as far as one cycle can give it.</summary>
    public long AskMs { get; } = Math.Clamp(Milliseconds.From(demand.DurationSeconds), 1, totalMs);

    /// <summary>The least that makes a start worthwhile.</summary>
    public long LeastMs => Math.Clamp(minimumMs, 1, AskMs);

    /// <summary>Kept within what a double can divide by and add up.</summary>
    public double Weight { get; } = Math.Clamp(demand.Weight, 1e-9, 1e9);
}
