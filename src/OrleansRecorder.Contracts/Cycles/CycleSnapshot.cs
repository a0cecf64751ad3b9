using OrleansRecorder.Captures;

namespace OrleansRecorder.Cycles;

/// <summary>The scheduler and its current (or last) cycle at one moment, fresh to within a second.</summary>
[GenerateSerializer, Immutable, Alias("recorder.CycleSnapshot")]
public sealed record CycleSnapshot
{
    /// <summary>The scheduler runs: in a cycle, in the pause between two, or it writes the reports of the last (for at most half a minute).</summary>
    [Id(0)] public required bool IsRunning { get; init; }

    /// <summary>When the scheduler was started (UTC); null when it never was.</summary>
    [Id(1)] public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it stopped (UTC); null while it runs or when it never ran.</summary>
    [Id(2)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The cycle's number, from 1; 0 before the first.</summary>
    [Id(3)] public required long Cycle { get; init; }

    /// <summary>The cycle's directory name, or "".</summary>
    [Id(4)] public string CycleDirectory { get; init; } = "";

    /// <summary>The configured output directory of this cycle, or "".</summary>
    [Id(5)] public string OutputDirectory { get; init; } = "";

    /// <summary>When this cycle started (UTC); null before the first.</summary>
    [Id(6)] public DateTimeOffset? CycleStartedAt { get; init; }

    /// <summary>When this cycle ended (UTC); null while it runs.</summary>
    [Id(7)] public DateTimeOffset? CycleEndedAt { get; init; }

    /// <summary>The cycle's <c>total_poll_duration_seconds</c>.</summary>
    [Id(8)] public double TotalSeconds { get; init; }

    /// <summary>Seconds since the cycle started, never more than <see cref="TotalSeconds"/>; stands still once the cycle has ended.</summary>
    [Id(9)] public double ElapsedSeconds { get; init; }

    /// <summary>Counts over the tasks of this cycle.</summary>
    [Id(10)] public required CycleStatistics Statistics { get; init; }

    /// <summary>The tasks of this cycle by their number.</summary>
    [Id(11)] public CycleTask[] Tasks { get; init; } = [];

    /// <summary>Grows with every change; equal versions have equal content but for <see cref="ElapsedSeconds"/>.</summary>
    [Id(12)] public long Version { get; init; }

    /// <summary>When the next cycle starts (UTC), in the pause between two.</summary>
    [Id(13)] public DateTimeOffset? NextCycleAt { get; init; }
}

/// <summary>Counts over the tasks of one cycle.</summary>
[GenerateSerializer, Immutable, Alias("recorder.CycleStatistics")]
public sealed record CycleStatistics
{
    /// <summary>All tasks.</summary>
    [Id(0)] public int Total { get; init; }

    /// <summary>Status 4.</summary>
    [Id(1)] public int Completed { get; init; }

    /// <summary>Status 5, 6, 7 and 9.</summary>
    [Id(2)] public int Failed { get; init; }

    /// <summary>Status 8.</summary>
    [Id(3)] public int Cancelled { get; init; }

    /// <summary>The most captures that ran at once.</summary>
    [Id(4)] public int MaxConcurrentUsed { get; init; }

    /// <summary>Completed / total, 0 when there is none.</summary>
    public double CompletionRate => Total == 0 ? 0 : (double)Completed / Total;
}

/// <summary>A stream's place in a cycle.</summary>
[GenerateSerializer, Immutable, Alias("recorder.CycleTask")]
public sealed record CycleTask
{
    /// <summary>From 0, in configuration order.</summary>
    [Id(0)] public required int TaskId { get; init; }

    /// <summary>The stream's place in the configuration, from 0.</summary>
    [Id(1)] public required int StreamIndex { get; init; }

    /// <summary>The address without credentials.</summary>
    [Id(2)] public required string RtspUrl { get; init; }

    /// <summary>The bare file name as configured; see <see cref="Parts"/> for what exists.</summary>
    [Id(3)] public required string OutputFilename { get; init; }

    /// <summary>The seconds the configuration asks for.</summary>
    [Id(4)] public required double DurationSeconds { get; init; }

    /// <summary>The seconds the plan gives; less than asked for when the cycle is too short, 0 when it has no place.</summary>
    [Id(5)] public required double PlannedSeconds { get; init; }

    /// <summary>Seconds from the cycle's start to the planned start; null without a place in the plan.</summary>
    [Id(6)] public double? PlannedOffsetSeconds { get; init; }

    /// <summary>The state.</summary>
    [Id(7)] public required CaptureStatus Status { get; init; }

    /// <summary>When it began to connect (UTC).</summary>
    [Id(8)] public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended (UTC).</summary>
    [Id(9)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Seconds recorded.</summary>
    [Id(10)] public double RecordedSeconds { get; init; }

    /// <summary>Media bytes received.</summary>
    [Id(11)] public long Bytes { get; init; }

    /// <summary>Video frames received.</summary>
    [Id(12)] public long Frames { get; init; }

    /// <summary>What went wrong, or empty.</summary>
    [Id(13)] public LocalizedText Message { get; init; } = LocalizedText.Empty;

    /// <summary>The cause of the end; null before it.</summary>
    [Id(14)] public CaptureCause? Cause { get; init; }

    /// <summary>The node that records or recorded it, or "".</summary>
    [Id(15)] public string Node { get; init; } = "";

    /// <summary>From 1; 0 before the first.</summary>
    [Id(16)] public int Attempt { get; init; }

    /// <summary>FFmpeg's short name of the video codec, or "".</summary>
    [Id(17)] public string Codec { get; init; } = "";

    /// <summary>Pixels; 0 when unknown.</summary>
    [Id(18)] public int Width { get; init; }

    /// <summary>Pixels; 0 when unknown.</summary>
    [Id(19)] public int Height { get; init; }

    /// <summary>Milliseconds from the start to the first key frame written.</summary>
    [Id(20)] public int? FirstFrameMs { get; init; }

    /// <summary>The files of the task.</summary>
    [Id(21)] public RecordedPart[] Parts { get; init; } = [];

    /// <summary>What was recorded although something else was not.</summary>
    [Id(22)] public LocalizedText[] Warnings { get; init; } = [];

    /// <summary>How often it connected.</summary>
    [Id(23)] public int Connections { get; init; }
}
