using System.Collections.Immutable;

namespace OrleansRecorder.Configuration;

/// <summary>What holds for all streams: the <c>global_config</c> of the document. Always valid.</summary>
public sealed record GlobalConfig
{
    /// <summary>Seconds a cycle lasts at most. Greater than 0.</summary>
    public required double TotalPollDurationSeconds { get; init; }

    /// <summary>How many streams are recorded at once, on the whole farm. Greater than 0.</summary>
    public required int MaxConcurrentStreams { get; init; }

    /// <summary>Where each cycle gets a directory of its own, as the user wrote it.</summary>
    public required string OutputDirectory { get; init; }

    /// <summary>The bare name of the JSON report in a cycle's directory.</summary>
    public required string ReportFilename { get; init; }

    /// <summary>Seconds from the start of connecting to the answer to PLAY. Greater than 0.</summary>
    public required double ConnectionTimeoutSeconds { get; init; }

    /// <summary>Seconds without media after which a stream has stalled. Greater than 0.</summary>
    public required double ReadTimeoutSeconds { get; init; }

    /// <summary>How many cycles to run, or -1 for ever.</summary>
    public required int PollCycles { get; init; }

    /// <summary>Seconds between the end of a cycle and the start of the next. 0 or more.</summary>
    public required double CycleIntervalSeconds { get; init; }

    /// <summary>Seconds below which no stream is shortened when a cycle is too short for all of them. 0 or more.</summary>
    public double MinDurationSeconds { get; init; } = DefaultMinDurationSeconds;

    /// <summary>Seconds to wait for the first key frame. Greater than 0, at most 600.</summary>
    public double KeyframeTimeoutSeconds { get; init; } = DefaultKeyframeTimeoutSeconds;

    /// <summary>How many sessions one camera host gets at once, from the whole farm; 0 for any number.</summary>
    public int MaxSessionsPerHost { get; init; } = DefaultMaxSessionsPerHost;

    /// <summary>Hosts with a limit of their own: <c>host</c> or <c>host:port</c> in lower case, 0 for any number.</summary>
    public ImmutableDictionary<string, int> SessionLimits { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>Holds when the document has no <c>max_sessions_per_host</c>.</summary>
    public const int DefaultMaxSessionsPerHost = 4;

    /// <summary>Holds when the document has no <c>min_duration_seconds</c>.</summary>
    public const double DefaultMinDurationSeconds = 5;

    /// <summary>Holds when the document has no <c>keyframe_timeout_seconds</c>.</summary>
    public const double DefaultKeyframeTimeoutSeconds = 60;

    /// <summary><see cref="PollCycles"/> without an end.</summary>
    public const int ForEver = -1;
}
