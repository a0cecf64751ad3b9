namespace Orleans.Runtime;

/// <summary>When a reminder ticks. All times are UTC.</summary>
[GenerateSerializer, Immutable]
public readonly struct TickStatus
{
    /// <summary>From its parts.</summary>
    public TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
    {
        FirstTickTime = firstTickTime;
        Period = period;
        CurrentTickTime = timeStamp;
    }

    /// <summary>The first tick as registered.</summary>
    [Id(0)] public DateTime FirstTickTime { get; }

    /// <summary>From tick to tick.</summary>
    [Id(1)] public TimeSpan Period { get; }

    /// <summary>Now.</summary>
    [Id(2)] public DateTime CurrentTickTime { get; }
}
