namespace OrleansRecorder.Captures;

/// <summary>Which task of which cycle, and which try at it. Reports with an older attempt come from a node that was cut off, and are ignored.</summary>
/// <param name="Cycle">The cycle's number, from 1, counted over the life of the scheduler.</param>
/// <param name="TaskId">The task's number in its cycle, from 0.</param>
/// <param name="Attempt">From 1; one higher each time the task is given to a node anew.</param>
[GenerateSerializer, Immutable, Alias("recorder.CaptureIdentity")]
public sealed record CaptureIdentity(long Cycle, int TaskId, int Attempt);

/// <summary>What CycleGrain asks a StreamGrain to do: record this stream for so long into that file.</summary>
[GenerateSerializer, Immutable, Alias("recorder.CaptureOrder")]
public sealed record CaptureOrder
{
    /// <summary>The task this capture is for.</summary>
    [Id(0)] public required CaptureIdentity Identity { get; init; }

    /// <summary>The address with its credentials, byte for byte as configured. Never logged.</summary>
    [Id(1)] public required string RtspUrl { get; init; }

    /// <summary>The configured output directory, as written by the user.</summary>
    [Id(2)] public required string OutputDirectory { get; init; }

    /// <summary>The cycle's directory in it, <c>yyyyMMdd_HHmmss</c>.</summary>
    [Id(3)] public required string CycleDirectory { get; init; }

    /// <summary>A bare file name that ends in <c>.mp4</c>.</summary>
    [Id(4)] public required string OutputFilename { get; init; }

    /// <summary>How long to record, counted from the first key frame written. Greater than zero.</summary>
    [Id(5)] public required TimeSpan Duration { get; init; }

    /// <summary>The end of the cycle (UTC): nothing is recorded past it.</summary>
    [Id(6)] public required DateTimeOffset Deadline { get; init; }

    /// <summary>Bounds everything from DNS to the answer to PLAY.</summary>
    [Id(7)] public required TimeSpan ConnectionTimeout { get; init; }

    /// <summary>Bounds the wait for the first packet after PLAY, and every silence after it.</summary>
    [Id(8)] public required TimeSpan ReadTimeout { get; init; }

    /// <summary>Bounds the wait for the first key frame.</summary>
    [Id(9)] public required TimeSpan KeyFrameTimeout { get; init; }

    /// <summary>The number of the first part file: 1 is <c>name.mp4</c>, 2 is <c>name.part2.mp4</c>.</summary>
    [Id(10)] public required int FirstPart { get; init; }

    /// <summary>The stream's place in the configuration, from 0.</summary>
    [Id(11)] public required int StreamIndex { get; init; }

    /// <summary>The node that is to record it; "" when any may.</summary>
    [Id(12)] public string Node { get; init; } = "";

    /// <summary>Which way the stream is taken in.</summary>
    [Id(13)] public IngestPath Ingest { get; init; }

    /// <summary>rtsps: connect whatever certificate the camera shows.</summary>
    [Id(14)] public bool AcceptsAnyCertificate { get; init; }
}

/// <summary>Which way a stream is taken in.</summary>
[GenerateSerializer, Alias("recorder.IngestPath")]
public enum IngestPath
{
    /// <summary>Our own client for rtsp and rtsps, libavformat for everything else.</summary>
    Auto = 0,

    /// <summary>libavformat for everything.</summary>
    FFmpeg = 1,
}
