namespace OrleansRecorder.Nodes;

/// <summary>A node as CycleGrain knows it: alive, or remembered until somebody has it forgotten.</summary>
[GenerateSerializer, Immutable, Alias("recorder.NodeStatus")]
public sealed record NodeStatus
{
    /// <summary>The node's name.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>The key of the archive that its recordings are in.</summary>
    [Id(1)] public required string Archive { get; init; }

    /// <summary>Its silo's address in its last life, <c>10.0.0.7:11111@154330782</c>.</summary>
    [Id(2)] public required string Life { get; init; }

    /// <summary>Whether it takes captures, takes no new ones, or is not heard of.</summary>
    [Id(3)] public required NodeCondition Condition { get; init; }

    /// <summary>Captures that run on it.</summary>
    [Id(4)] public int ActiveCaptures { get; init; }

    /// <summary>The most captures that it runs at once.</summary>
    [Id(5)] public int Capacity { get; init; }

    /// <summary>Bytes that are free where it records; -1 when unknown.</summary>
    [Id(6)] public long FreeBytes { get; init; } = -1;

    /// <summary>Size in bytes of the file system that it records on; -1 when unknown.</summary>
    [Id(7)] public long TotalBytes { get; init; } = -1;

    /// <summary>When its last life began (UTC).</summary>
    [Id(8)] public DateTimeOffset StartedAt { get; init; }

    /// <summary>The recorder's version on it.</summary>
    [Id(9)] public string Version { get; init; } = "";

    /// <summary>When it was last heard of (UTC).</summary>
    [Id(10)] public DateTimeOffset HeardAt { get; init; }
}

/// <summary>How a node is.</summary>
[GenerateSerializer, Alias("recorder.NodeCondition")]
public enum NodeCondition
{
    /// <summary>It takes captures.</summary>
    Active = 0,

    /// <summary>It takes no new ones.</summary>
    Draining = 1,

    /// <summary>It is not heard of.</summary>
    Dead = 2,
}
