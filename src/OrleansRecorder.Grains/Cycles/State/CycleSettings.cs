namespace OrleansRecorder.Cycles;

/// <summary>The configuration as it was when the cycle began; a change takes effect with the next cycle.</summary>
[GenerateSerializer, Alias("recorder.CycleSettings")]
public sealed record CycleSettings
{
    /// <summary>T: the length of the cycle in seconds.</summary>
    [Id(0)] public double TotalSeconds { get; init; }

    /// <summary>K: the most captures at once.</summary>
    [Id(1)] public int MaxConcurrentStreams { get; init; }

    /// <summary>The output directory as configured.</summary>
    [Id(2)] public string OutputDirectory { get; init; } = "";

    /// <summary>The name of the JSON report.</summary>
    [Id(3)] public string ReportFilename { get; init; } = "";

    /// <summary>Bounds a connection attempt.</summary>
    [Id(4)] public double ConnectionTimeoutSeconds { get; init; }

    /// <summary>Bounds each silence.</summary>
    [Id(5)] public double ReadTimeoutSeconds { get; init; }

    /// <summary>How many cycles; -1 for ever.</summary>
    [Id(6)] public int PollCycles { get; init; }

    /// <summary>The pause between two cycles in seconds.</summary>
    [Id(7)] public double CycleIntervalSeconds { get; init; }

    /// <summary>A stream is not shortened below this many seconds, and nothing is begun for less.</summary>
    [Id(8)] public double MinDurationSeconds { get; init; }

    /// <summary>Bounds the wait for the first key frame.</summary>
    [Id(9)] public double KeyFrameTimeoutSeconds { get; init; }

    /// <summary>How many sessions a camera host gets at once; 0 for any number.</summary>
    [Id(10)] public int MaxSessionsPerHost { get; init; }

    /// <summary>Hosts with a limit of their own, by <c>host</c> or <c>host:port</c>.</summary>
    [Id(11)] public Dictionary<string, int> SessionLimits { get; init; } = [];
}
