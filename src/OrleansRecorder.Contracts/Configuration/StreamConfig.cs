using OrleansRecorder.Captures;

namespace OrleansRecorder.Configuration;

/// <summary>One entry of the document's <c>streams</c>. Always valid.</summary>
public sealed record StreamConfig
{
    /// <summary>The stream's place in the configuration, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The address; its <see cref="StreamUrl.Original"/> is what the user wrote.</summary>
    public required StreamUrl Url { get; init; }

    /// <summary>Seconds to record in each cycle. Greater than 0.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Importance relative to the other streams. Greater than 0.</summary>
    public required double Weight { get; init; }

    /// <summary>A bare file name that ends in <c>.mp4</c>, unique among the streams.</summary>
    public required string OutputFilename { get; init; }

    /// <summary>Which way the stream is taken in.</summary>
    public IngestPath Ingest { get; init; }

    /// <summary>Whether an rtsps camera may show any certificate, also one of its own making.</summary>
    public bool AcceptsAnyCertificate { get; init; }
}
