using OrleansRecorder.Captures;

namespace OrleansRecorder.Nodes;

/// <summary>What a recording node says of itself, once a second, in one piece however many captures it runs. State, not events: a later one replaces an earlier one.</summary>
[GenerateSerializer, Immutable, Alias("recorder.NodeReport")]
public sealed record NodeReport
{
    /// <summary>The node's name, unique on the farm.</summary>
    [Id(0)] public required string Node { get; init; }

    /// <summary>The key of the archive that this node's recordings are in: the node's own name, or the one that nodes with a common volume share.</summary>
    [Id(1)] public required string Archive { get; init; }

    /// <summary>Which life of the node this is: its silo's address, which is another one after each start.</summary>
    [Id(2)] public required string Life { get; init; }

    /// <summary>The captures that have not ended.</summary>
    [Id(3)] public CaptureProgress[] Captures { get; init; } = [];

    /// <summary>The most captures that the node runs at once. At least 0.</summary>
    [Id(4)] public required int Capacity { get; init; }

    /// <summary>It takes nothing new, because it shuts down or was told to drain.</summary>
    [Id(5)] public bool IsDraining { get; init; }

    /// <summary>Bytes that are free where it records; -1 when unknown.</summary>
    [Id(6)] public long FreeBytes { get; init; } = -1;

    /// <summary>Size in bytes of the file system that it records on; -1 when unknown.</summary>
    [Id(7)] public long TotalBytes { get; init; } = -1;

    /// <summary>When this life of the node began (UTC).</summary>
    [Id(8)] public DateTimeOffset StartedAt { get; init; }

    /// <summary>The recorder's version on it.</summary>
    [Id(9)] public string Version { get; init; } = "";
}

/// <summary>
/// The answer to a <see cref="NodeReport"/>: for how long the node may go on with its captures, counted from the moment it <em>sent</em> the report
/// and on its own monotonic clock. Zero renews nothing. A node whose last lease is over ends its captures by itself: whoever gives them to
/// another node has waited for longer than that, so that a camera is never recorded by two.
/// </summary>
/// <param name="Length">0 or more.</param>
[GenerateSerializer, Immutable, Alias("recorder.NodeLease")]
public sealed record NodeLease(TimeSpan Length)
{
    /// <summary>Renews nothing.</summary>
    public static NodeLease None { get; } = new(TimeSpan.Zero);
}
