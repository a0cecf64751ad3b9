using Orleans.Concurrency;

namespace OrleansRecorder.Configuration;

/// <summary>
/// The farm's configuration, key <see cref="Key"/>: validates, versions, persists every change, saves and reloads the file.
/// Documents and patches travel as JSON text, since fields that the recorder does not know belong to the user and are kept.
/// One turn an edit, so concurrent edits never lose one another.
/// </summary>
[Alias("recorder.IConfigGrain")]
public interface IConfigGrain : IGrainWithStringKey
{
    /// <summary>There is one.</summary>
    const string Key = "farm";

    /// <summary>The current document.</summary>
    [AlwaysInterleave, Alias("Get")]
    Task<ConfigVersion> Get();

    /// <summary>Replaces the whole document.</summary>
    [Alias("Replace")]
    Task<ConfigOutcome> Replace(string document);

    /// <summary>Changes the fields of <c>global_config</c> that the patch has.</summary>
    [Alias("UpdateGlobal")]
    Task<ConfigOutcome> UpdateGlobal(string patch);

    /// <summary>Adds a stream at the end; <see cref="ConfigOutcome.StreamIndex"/> says where.</summary>
    [Alias("AddStream")]
    Task<ConfigOutcome> AddStream(string stream);

    /// <summary>Changes the fields of one stream that the patch has.</summary>
    [Alias("UpdateStream")]
    Task<ConfigOutcome> UpdateStream(int index, string patch);

    /// <summary>Removes one stream; later ones move down. The last one stays.</summary>
    [Alias("DeleteStream")]
    Task<ConfigOutcome> DeleteStream(int index);

    /// <summary>Writes the document to its file, or to another one in the configuration directory.</summary>
    [Alias("Save")]
    Task<ConfigOutcome> Save(string? path);

    /// <summary>Reads the file again; changes nothing when it is broken.</summary>
    [Alias("Reload")]
    Task<ConfigOutcome> Reload();
}

/// <summary>The document at one version.</summary>
/// <param name="Version">Grows by one with each change, from 1.</param>
/// <param name="Document">JSON text with every field, unknown ones too.</param>
/// <param name="Warnings">Likely misspellings of known fields.</param>
[GenerateSerializer, Immutable, Alias("recorder.ConfigVersion")]
public sealed record ConfigVersion(long Version, string Document, LocalizedText[] Warnings);

/// <summary>How an edit ended.</summary>
[GenerateSerializer, Immutable, Alias("recorder.ConfigOutcome")]
public sealed record ConfigOutcome
{
    /// <summary>Whether the edit was made.</summary>
    [Id(0)] public required ConfigResult Result { get; init; }

    /// <summary>Every problem found; empty when the edit was made.</summary>
    [Id(1)] public LocalizedText[] Problems { get; init; } = [];

    /// <summary>The document after the edit (or as it still is).</summary>
    [Id(2)] public required ConfigVersion Current { get; init; }

    /// <summary>The index of the stream added, updated or deleted.</summary>
    [Id(3)] public int StreamIndex { get; init; } = -1;

    /// <summary>The file saved to or loaded from, as the user wrote it.</summary>
    [Id(4)] public string FilePath { get; init; } = "";
}

/// <summary>Why an edit was not made.</summary>
[GenerateSerializer, Alias("recorder.ConfigResult")]
public enum ConfigResult
{
    /// <summary>It was made.</summary>
    Ok = 0,

    /// <summary>The document it would make is not valid.</summary>
    Invalid = 1,

    /// <summary>There is no stream of that index.</summary>
    NoSuchStream = 2,

    /// <summary>The file lies outside the configuration directory.</summary>
    Forbidden = 3,

    /// <summary>There is no such file.</summary>
    FileNotFound = 4,

    /// <summary>The file system refuses.</summary>
    Failed = 5,
}
