namespace OrleansRecorder.Captures;

/// <summary>How far a capture is: state, not history; a later one replaces an earlier one.</summary>
[GenerateSerializer, Immutable, Alias("recorder.CaptureProgress")]
public sealed record CaptureProgress
{
    /// <summary>The task and attempt this is about.</summary>
    [Id(0)] public required CaptureIdentity Identity { get; init; }

    /// <summary>Connecting, connected or recording while it runs.</summary>
    [Id(1)] public required CaptureStatus Status { get; init; }

    /// <summary>Media written by all parts so far.</summary>
    [Id(2)] public TimeSpan Recorded { get; init; }

    /// <summary>Media bytes received by all parts so far.</summary>
    [Id(3)] public long Bytes { get; init; }

    /// <summary>Video frames received by all parts so far.</summary>
    [Id(4)] public long Frames { get; init; }

    /// <summary>FFmpeg's short name of the video codec (<c>h264</c>, <c>hevc</c>), or "" when unknown.</summary>
    [Id(5)] public string Codec { get; init; } = "";

    /// <summary>Pixels; 0 when unknown.</summary>
    [Id(6)] public int Width { get; init; }

    /// <summary>Pixels; 0 when unknown.</summary>
    [Id(7)] public int Height { get; init; }

    /// <summary>From the start of the first attempt to the first key frame written; null before it.</summary>
    [Id(8)] public int? FirstFrameMs { get; init; }

    /// <summary>When the first key frame was written (UTC); null before it.</summary>
    [Id(9)] public DateTimeOffset? FirstFrameAt { get; init; }

    /// <summary>
    /// Part files begun so far, and the one that the next connection may begin. Another file than a capture's first is begun only when a report that counts
    /// it was answered, so that nobody gives its name to a file on another node.
    /// </summary>
    [Id(10)] public int PartsBegun { get; init; }
}

/// <summary>One file that a capture made.</summary>
[GenerateSerializer, Immutable, Alias("recorder.RecordedPart")]
public sealed record RecordedPart
{
    /// <summary>The bare file name, <c>name.mp4</c> or <c>name.part2.mp4</c>.</summary>
    [Id(0)] public required string Filename { get; init; }

    /// <summary>When its first key frame was written (UTC).</summary>
    [Id(1)] public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Length of its media.</summary>
    [Id(2)] public required TimeSpan Duration { get; init; }

    /// <summary>Size on disk in bytes.</summary>
    [Id(3)] public required long Size { get; init; }
}

/// <summary>How a capture ended, for the report and for CycleGrain's bookkeeping.</summary>
[GenerateSerializer, Immutable, Alias("recorder.CaptureResult")]
public sealed record CaptureResult
{
    /// <summary>The task and attempt this is about.</summary>
    [Id(0)] public required CaptureIdentity Identity { get; init; }

    /// <summary>Why it ended.</summary>
    [Id(1)] public required CaptureCause Cause { get; init; }

    /// <summary>The terminal status; not always <see cref="CaptureCauseExtensions.Status"/>: the end of a cycle completes a capture that has media.</summary>
    [Id(2)] public required CaptureStatus Status { get; init; }

    /// <summary>What went wrong, or empty. Holds no credentials.</summary>
    [Id(3)] public LocalizedText Message { get; init; } = LocalizedText.Empty;

    /// <summary>What was recorded although something else was not, such as audio that could not be stored. Hold no credentials.</summary>
    [Id(4)] public LocalizedText[] Warnings { get; init; } = [];

    /// <summary>The last progress.</summary>
    [Id(5)] public required CaptureProgress Progress { get; init; }

    /// <summary>The files it made, in order; empty when no key frame came.</summary>
    [Id(6)] public RecordedPart[] Parts { get; init; } = [];

    /// <summary>When the capture began to connect (UTC).</summary>
    [Id(7)] public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended (UTC).</summary>
    [Id(8)] public required DateTimeOffset EndedAt { get; init; }

    /// <summary>How often it connected, at least 1.</summary>
    [Id(9)] public int Connections { get; init; } = 1;

    /// <summary>The name of the node that recorded; set by the node.</summary>
    [Id(10)] public string Node { get; init; } = "";
}
