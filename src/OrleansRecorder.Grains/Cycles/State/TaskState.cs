using OrleansRecorder.Captures;

namespace OrleansRecorder.Cycles;

/// <summary>A stream's place in a cycle. Its sums are over the attempts that have ended; the running one's progress comes on top.</summary>
[GenerateSerializer, Alias("recorder.TaskState")]
public sealed class TaskState
{
    /// <summary>From 0, in configuration order.</summary>
    [Id(0)] public int TaskId { get; set; }

    /// <summary>The stream's place in the configuration, from 0.</summary>
    [Id(1)] public int StreamIndex { get; set; }

    /// <summary>The address with its credentials. Never shown.</summary>
    [Id(2)] public string RtspUrl { get; set; } = "";

    /// <summary>The address without credentials: the StreamGrain's key.</summary>
    [Id(3)] public string Stream { get; set; } = "";

    /// <summary>The bare file name as configured.</summary>
    [Id(4)] public string OutputFilename { get; set; } = "";

    /// <summary>The seconds the configuration asks for.</summary>
    [Id(5)] public double DurationSeconds { get; set; }

    /// <summary>The seconds it is given; 0 without a place in the plan.</summary>
    [Id(6)] public double PlannedSeconds { get; set; }

    /// <summary>Seconds from the cycle's start to the planned start; null without a place in the plan.</summary>
    [Id(7)] public double? PlannedOffsetSeconds { get; set; }

    /// <summary>Where it stands.</summary>
    [Id(8)] public TaskStage Stage { get; set; }

    /// <summary>The last attempt ordered, from 1; 0 before the first.</summary>
    [Id(9)] public int Attempt { get; set; }

    /// <summary>The number of the next attempt's first part file.</summary>
    [Id(10)] public int NextPart { get; set; } = 1;

    /// <summary>When its first attempt was ordered (UTC).</summary>
    [Id(11)] public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When it ended (UTC).</summary>
    [Id(12)] public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The status it ended with; meaningful once it has.</summary>
    [Id(13)] public CaptureStatus Status { get; set; }

    /// <summary>Why it ended.</summary>
    [Id(14)] public CaptureCause? Cause { get; set; }

    /// <summary>What went wrong, or empty.</summary>
    [Id(15)] public LocalizedText Message { get; set; } = LocalizedText.Empty;

    /// <summary>Ended without word from its capture; a late result of the same attempt still counts.</summary>
    [Id(16)] public bool Provisional { get; set; }

    /// <summary>The node that its last attempt was given to, or "".</summary>
    [Id(17)] public string Node { get; set; } = "";

    /// <summary>Seconds recorded.</summary>
    [Id(18)] public double RecordedSeconds { get; set; }

    /// <summary>Media bytes received.</summary>
    [Id(19)] public long Bytes { get; set; }

    /// <summary>Video frames received.</summary>
    [Id(20)] public long Frames { get; set; }

    /// <summary>How often it connected.</summary>
    [Id(21)] public int Connections { get; set; }

    /// <summary>FFmpeg's short name of the video codec, or "".</summary>
    [Id(22)] public string Codec { get; set; } = "";

    /// <summary>Pixels; 0 when unknown.</summary>
    [Id(23)] public int Width { get; set; }

    /// <summary>Pixels; 0 when unknown.</summary>
    [Id(24)] public int Height { get; set; }

    /// <summary>Milliseconds from the start to the first key frame of the first attempt that had one.</summary>
    [Id(25)] public int? FirstFrameMs { get; set; }

    /// <summary>The files it made.</summary>
    [Id(26)] public List<RecordedPart> Parts { get; set; } = [];

    /// <summary>What was recorded although something else was not.</summary>
    [Id(27)] public List<LocalizedText> Warnings { get; set; } = [];

    /// <summary>Its place in the plan's order of starts, from 0.</summary>
    [Id(28)] public int StartOrder { get; set; }

    /// <summary>In how many cycles before this one it was not begun.</summary>
    [Id(29)] public int WaitedCycles { get; set; }

    /// <summary>How far its capture was when it was given up; null unless it is <see cref="Provisional"/>.</summary>
    [Id(30)] public CaptureProgress? LastProgress { get; set; }

    /// <summary>The life of <see cref="Node"/> that its last attempt was given to: when that is over, so is the capture.</summary>
    [Id(31)] public string Life { get; set; } = "";

    /// <summary>What it recorded where nobody can look now.</summary>
    [Id(32)] public List<UnseenParts> Unseen { get; set; } = [];

    /// <summary>Files that the last attempt may have begun: 1, or as many as its node has announced.</summary>
    [Id(33)] public int PartsBegun { get; set; } = 1;

    /// <summary>Which way the stream is taken in.</summary>
    [Id(34)] public IngestPath Ingest { get; set; }

    /// <summary>rtsps: connect whatever certificate the camera shows.</summary>
    [Id(35)] public bool AcceptsAnyCertificate { get; set; }

    /// <summary>Which capture the last attempt is, in a cycle.</summary>
    public CaptureIdentity Identity(long cycle) => new(cycle, TaskId, Attempt);
}
