using System.Collections.Immutable;

namespace OrleansRecorder.Configuration;

/// <summary>A valid configuration; nothing in it ever changes. Read from a <see cref="ConfigDocument"/>.</summary>
/// <param name="Global">What holds for all streams.</param>
/// <param name="Streams">At least one, in the order of the document.</param>
public sealed record RecorderConfig(GlobalConfig Global, ImmutableArray<StreamConfig> Streams);
