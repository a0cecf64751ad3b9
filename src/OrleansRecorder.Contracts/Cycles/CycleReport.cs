namespace OrleansRecorder.Cycles;

/// <summary>Everything the three report files of a cycle say.</summary>
[GenerateSerializer, Immutable, Alias("recorder.CycleReport")]
public sealed record CycleReport
{
    /// <summary>The cycle with its final tasks.</summary>
    [Id(0)] public required CycleSnapshot Cycle { get; init; }

    /// <summary>The <c>report_filename</c> of the configuration.</summary>
    [Id(1)] public required string ReportFilename { get; init; }

    /// <summary>The <c>max_concurrent_streams</c> of the cycle.</summary>
    [Id(2)] public required int MaxConcurrentStreams { get; init; }

    /// <summary>The <c>connection_timeout_seconds</c> of the cycle.</summary>
    [Id(3)] public required double ConnectionTimeoutSeconds { get; init; }

    /// <summary>The <c>read_timeout_seconds</c> of the cycle.</summary>
    [Id(4)] public required double ReadTimeoutSeconds { get; init; }

    /// <summary>What happened to the cycle as a whole: interrupted and resumed, stopped by the operator.</summary>
    [Id(5)] public LocalizedText[] Notes { get; init; } = [];

    /// <summary>The <c>poll_cycles</c> of the configuration.</summary>
    [Id(6)] public required int PollCycles { get; init; }

    /// <summary>The <c>cycle_interval_seconds</c> of the configuration.</summary>
    [Id(7)] public required double CycleIntervalSeconds { get; init; }
}
