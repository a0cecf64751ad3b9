namespace OrleansRecorder.Cycles;

/// <summary>The patience of the cycle. The defaults suit a farm; tests shorten them.</summary>
public sealed class CycleOptions
{
    /// <summary>How often the cycle looks at the clock while it has something to do. Default 250 ms.</summary>
    public TimeSpan TickPeriod { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A capture that no node has spoken of for this long is asked for. Default 5 s.</summary>
    public TimeSpan SilenceBeforeAsking { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The pause before a call that was not answered, or was put off, is made again. Default 1 s.</summary>
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The most a call to a stream or an archive may take before it counts as not answered. Default 5 s.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long captures have to end after a stop; what has not is recorded as interrupted. Default 2.5 s.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(2.5);

    /// <summary>Captures end by themselves at the end of the cycle. How long after it they are told to. Default 1 s.</summary>
    public TimeSpan EndGrace { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long after the end of the cycle a capture that still has not ended is recorded as interrupted. Default 5 s.</summary>
    public TimeSpan EndLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the archive is asked what a lost capture left before the task goes on without knowing. Default 3.</summary>
    public int PartsAttempts { get; set; } = 3;

    /// <summary>How long the next cycle waits for reports that cannot be written, on a full disk say. Default 30 s.</summary>
    public TimeSpan ReportPatience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The most calls to streams under way at once. Default 64.</summary>
    public int MaxCalls { get; set; } = 64;
}
