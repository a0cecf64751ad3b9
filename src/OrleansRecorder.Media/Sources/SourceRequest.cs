using OrleansRecorder.Captures;

namespace OrleansRecorder.Media.Sources;

/// <summary>What to connect to, and for how long to be patient in each phase (wall clock, whatever dribbles in).</summary>
/// <param name="Url">The stream.</param>
/// <param name="ConnectionTimeout">Everything from DNS to the answer to PLAY.</param>
/// <param name="ReadTimeout">The wait for the first packet of the recorded picture after PLAY, and every silence after it.</param>
/// <param name="KeyFrameTimeout">The wait for the first key frame after PLAY, and for the next whole picture after one.</param>
public sealed record SourceRequest(StreamUrl Url, TimeSpan ConnectionTimeout, TimeSpan ReadTimeout, TimeSpan KeyFrameTimeout)
{
    /// <summary>rtsps: connect whatever certificate the camera shows.</summary>
    public bool AcceptsAnyCertificate { get; init; }

    /// <summary>Which way to take.</summary>
    public IngestPath Ingest { get; init; }
}

/// <summary>Makes the source of one connection.</summary>
public delegate IMediaSource MediaSourceFactory(SourceRequest request);
