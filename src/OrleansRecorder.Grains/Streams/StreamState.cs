using OrleansRecorder.Captures;

namespace OrleansRecorder.Streams;

/// <summary>What a StreamGrain persists.</summary>
[GenerateSerializer, Alias("recorder.StreamState")]
public sealed class StreamState
{
    /// <summary>The capture that was begun last; it fences off orders that were overtaken on their way.</summary>
    [Id(0)] public CaptureIdentity? Seen { get; set; }
}
