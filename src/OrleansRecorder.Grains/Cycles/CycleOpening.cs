using OrleansRecorder.Captures;

namespace OrleansRecorder.Cycles;

/// <summary>What a cycle is opened with.</summary>
/// <param name="At">As in <see cref="OpenCycle"/>.</param>
/// <param name="Directory">The directory that was reserved.</param>
/// <param name="Archive">The archive that it was reserved in.</param>
/// <param name="Settings">The configuration at this moment.</param>
/// <param name="Streams">The streams in configuration order.</param>
public sealed record CycleOpening(DateTimeOffset At, string Directory, string Archive, CycleSettings Settings, CycleStream[] Streams);

/// <summary>A stream as the configuration has it.</summary>
/// <param name="RtspUrl">The address with its credentials.</param>
/// <param name="Stream">The address without them.</param>
/// <param name="DurationSeconds">Greater than 0.</param>
/// <param name="Weight">Greater than 0.</param>
/// <param name="OutputFilename">A bare file name, unique among the streams.</param>
public sealed record CycleStream(string RtspUrl, string Stream, double DurationSeconds, double Weight, string OutputFilename)
{
    /// <summary>Which way it is taken in.</summary>
    public IngestPath Ingest { get; init; }

    /// <summary>rtsps: whatever certificate the camera shows.</summary>
    public bool AcceptsAnyCertificate { get; init; }

    // The address holds credentials.
    /// <inheritdoc/>
    public override string ToString() => $"{Stream} -> {OutputFilename}";
}
