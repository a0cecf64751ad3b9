using System.Text.Json.Serialization;

namespace OrleansRecorder.Api.Videos;

/// <summary>The cycle directories, newest first.</summary>
public sealed record TimestampList
{
    /// <summary>All there are, whatever the page's size.</summary>
    public required int Count { get; init; }

    /// <summary>This page.</summary>
    public required IEnumerable<TimestampDocument> Timestamps { get; init; }

    /// <summary>The nodes whose part is missing; absent when none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string[]? UnavailableNodes { get; init; }
}

/// <summary>A cycle directory, over all nodes.</summary>
/// <param name="Timestamp">Its name, <c>yyyyMMdd_HHmmss</c>.</param>
/// <param name="VideoCount">Finished recordings in it.</param>
/// <param name="TotalSize">Their bytes.</param>
public sealed record TimestampDocument(string Timestamp, int VideoCount, long TotalSize);

/// <summary>Finished recordings, oldest directory first, then by file name.</summary>
public sealed record VideoList
{
    /// <summary>The directory, when one was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Timestamp { get; init; }

    /// <summary>All there are, whatever the page's size.</summary>
    public required int Count { get; init; }

    /// <summary>This page. Made while it is written: a hundred thousand of them are never in memory at once.</summary>
    public required IEnumerable<VideoDocument> Videos { get; init; }

    /// <summary>The nodes whose part is missing; absent when none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string[]? UnavailableNodes { get; init; }
}

/// <summary>A recording was deleted.</summary>
/// <param name="Path">As asked for.</param>
/// <param name="Message">Says so.</param>
public sealed record VideoDeleted(string Path, string Message)
{
    /// <summary>True.</summary>
    [JsonPropertyOrder(-1)] public bool Success => true;
}

/// <summary>A directory was deleted with all that was in it.</summary>
/// <param name="Timestamp">Its name.</param>
/// <param name="Path">Where it was.</param>
/// <param name="Message">Says so.</param>
public sealed record TimestampDeleted(string Timestamp, string Path, string Message)
{
    /// <summary>True.</summary>
    [JsonPropertyOrder(-1)] public bool Success => true;

    /// <summary>The nodes that may still have a part of it; absent when all answered.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string[]? UnavailableNodes { get; init; }
}
