using System.Text.Json.Serialization;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Api.Nodes;

/// <summary>The nodes, by name.</summary>
/// <param name="Count">How many.</param>
/// <param name="Nodes">All that have been heard of and not forgotten.</param>
public sealed record NodeList(int Count, NodeDocument[] Nodes);

/// <summary>A recording node.</summary>
public sealed record NodeDocument
{
    /// <summary>Unique on the farm.</summary>
    public required string Name { get; init; }

    /// <summary>Where other nodes reach it, <c>10.0.0.7:11111</c>.</summary>
    public required string Address { get; init; }

    /// <summary><c>active</c>, <c>draining</c> or <c>dead</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Captures that run on it.</summary>
    public required int ActiveCaptures { get; init; }

    /// <summary>The most captures that it runs at once.</summary>
    public required int Capacity { get; init; }

    /// <summary>Bytes that are free where it records; null when unknown.</summary>
    public required long? FreeBytes { get; init; }

    /// <summary>Size in bytes of the file system that it records on; null when unknown.</summary>
    public required long? TotalBytes { get; init; }

    /// <summary>Local time, <c>yyyy-MM-dd HH:mm:ss</c>, of the start of its last life.</summary>
    public required string StartedAt { get; init; }

    /// <summary>The recorder's version on it.</summary>
    public required string Version { get; init; }

    /// <summary>The archive that its recordings are in: its own name, or the one that nodes with a common volume share.</summary>
    public required string Archive { get; init; }

    internal static NodeDocument From(NodeStatus node, DocumentStyle style) => new()
    {
        Name = node.Name,
        Address = node.Life.Split('@')[0],
        Status = StatusOf(node.Condition),
        ActiveCaptures = node.ActiveCaptures,
        Capacity = node.Capacity,
        FreeBytes = node.FreeBytes < 0 ? null : node.FreeBytes,
        TotalBytes = node.TotalBytes < 0 ? null : node.TotalBytes,
        StartedAt = style.Time(node.StartedAt),
        Version = node.Version,
        Archive = node.Archive,
    };

    internal static string StatusOf(NodeCondition condition) => condition switch
    {
        NodeCondition.Active => "active",
        NodeCondition.Draining => "draining",
        _ => "dead",
    };
}

/// <summary>A node was told to drain, or to take captures again.</summary>
/// <param name="Name">The node.</param>
/// <param name="Status"><c>draining</c> or <c>active</c>.</param>
/// <param name="ActiveCaptures">Captures that still run on it.</param>
/// <param name="Message">Says so.</param>
public sealed record NodeChanged(string Name, string Status, int ActiveCaptures, string Message)
{
    /// <summary>True.</summary>
    [JsonPropertyOrder(-1)] public bool Success => true;
}

/// <summary>A dead node was forgotten.</summary>
/// <param name="Name">The node.</param>
/// <param name="Message">Says so.</param>
public sealed record NodeForgotten(string Name, string Message)
{
    /// <summary>True.</summary>
    [JsonPropertyOrder(-1)] public bool Success => true;
}
