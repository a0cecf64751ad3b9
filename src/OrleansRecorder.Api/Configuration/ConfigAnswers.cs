using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OrleansRecorder.Api.Configuration;

/// <summary>A change was made.</summary>
/// <param name="Message">Says so.</param>
public record ConfigChanged([property: JsonPropertyOrder(-1)] string Message)
{
    /// <summary>True.</summary>
    [JsonPropertyOrder(-2)] public bool Success => true;

    /// <summary>Fields that look like misspelled known ones; absent when there are none.</summary>
    [JsonPropertyOrder(1), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string[]? Warnings { get; init; }
}

/// <summary>Global settings were changed.</summary>
/// <param name="Message">Says so.</param>
/// <param name="UpdatedConfig">All of them as they are now.</param>
public sealed record GlobalChanged(string Message, JsonObject UpdatedConfig) : ConfigChanged(Message);

/// <summary>The streams, numbered.</summary>
/// <param name="Count">All of them.</param>
/// <param name="Streams">In configuration order.</param>
public sealed record StreamList(int Count, JsonObject[] Streams)
{
    /// <summary>Fields that look like misspelled known ones; absent when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string[]? Warnings { get; init; }
}

/// <summary>A stream was added at the end.</summary>
/// <param name="Message">Says so.</param>
/// <param name="StreamIndex">Its place, from 0.</param>
/// <param name="AddedStream">As it is configured now.</param>
public sealed record StreamAdded(string Message, int StreamIndex, JsonObject AddedStream) : ConfigChanged(Message)
{
    /// <summary>The same under the name that other clients read.</summary>
    public int Index => StreamIndex;
}

/// <summary>A stream was changed.</summary>
/// <param name="Message">Says so.</param>
/// <param name="StreamIndex">Its place, from 0.</param>
/// <param name="UpdatedStream">As it is configured now.</param>
public sealed record StreamUpdated(string Message, int StreamIndex, JsonObject UpdatedStream) : ConfigChanged(Message)
{
    /// <summary>The same under the name that other clients read.</summary>
    public int Index => StreamIndex;
}

/// <summary>A stream was removed; later ones have moved down.</summary>
/// <param name="Message">Says so.</param>
/// <param name="DeletedStreamIndex">The place it had, from 0.</param>
public sealed record StreamDeleted(string Message, int DeletedStreamIndex) : ConfigChanged(Message)
{
    /// <summary>The same under the name that other clients read.</summary>
    public int DeletedIndex => DeletedStreamIndex;
}

/// <summary>The configuration was written to a file.</summary>
/// <param name="Message">Says so.</param>
/// <param name="SavedTo">The file as the user names it.</param>
public sealed record ConfigSaved(string Message, string SavedTo) : ConfigChanged(Message)
{
    /// <summary>The same under the name that other clients read.</summary>
    public string FilePath => SavedTo;
}

/// <summary>The configuration was read from its file.</summary>
/// <param name="Message">Says so.</param>
/// <param name="LoadedFrom">The file as the user names it.</param>
public sealed record ConfigReloaded(string Message, string LoadedFrom) : ConfigChanged(Message)
{
    /// <summary>The same under the name that other clients read.</summary>
    public string FilePath => LoadedFrom;
}
