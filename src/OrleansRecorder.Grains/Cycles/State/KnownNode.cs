namespace OrleansRecorder.Cycles;

/// <summary>A node that has been heard of, as it is remembered when it is not.</summary>
/// <param name="Name">Unique on the farm.</param>
/// <param name="Life">Its last life, as in <see cref="Nodes.NodeReport.Life"/>.</param>
/// <param name="Archive">The key of the archive that its recordings are in.</param>
/// <param name="Capacity">The most captures that it runs at once.</param>
/// <param name="StartedAt">When its last life began (UTC).</param>
/// <param name="Version">The recorder's version on it.</param>
[GenerateSerializer, Alias("recorder.KnownNode")]
public sealed record KnownNode(string Name, string Life, string Archive, int Capacity, DateTimeOffset StartedAt, string Version);
