namespace OrleansRecorder.Cycles;

/// <summary>A stretch of time in which captures were lost together: a crash, or a node that was away.</summary>
/// <param name="From">When the captures were last known to be well (UTC).</param>
/// <param name="To">When their loss was found (UTC).</param>
/// <param name="Node">The node that had them, or "" when it is not known.</param>
[GenerateSerializer, Alias("recorder.Interruption")]
public sealed record Interruption(DateTimeOffset From, DateTimeOffset To, string Node);
