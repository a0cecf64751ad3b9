namespace OrleansRecorder.Api.Nodes;

/// <summary>An archive, and the nodes that serve it.</summary>
/// <param name="Key">The key of its grain.</param>
/// <param name="Nodes">The nodes that declare it, dead ones too; several have a common volume.</param>
/// <param name="IsAway">All of them are dead, as far as is known: asking would only wait.</param>
internal sealed record KnownArchive(string Key, string[] Nodes, bool IsAway)
{
    /// <summary>Where clients are told that a recording is: the node, or the archive that nodes share.</summary>
    public string Label => Nodes.Length == 1 ? Nodes[0] : Key;
}
