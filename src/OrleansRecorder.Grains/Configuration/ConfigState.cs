namespace OrleansRecorder.Configuration;

/// <summary>What ConfigGrain persists with every change.</summary>
[GenerateSerializer, Alias("recorder.ConfigState")]
public sealed class ConfigState
{
    /// <summary>Grows by one with each change; 0 before the first.</summary>
    [Id(0)] public long Version { get; set; }

    /// <summary>The document. Holds passwords, as the file does.</summary>
    [Id(1)] public string Document { get; set; } = "";

    /// <summary>Of the document in the file when it was last loaded or saved: whether the file was changed by hand since.</summary>
    [Id(2)] public string FileHash { get; set; } = "";

    /// <summary>The activation that wrote it, by a name of its own: whether a write that was not answered has been made.</summary>
    [Id(3)] public string Writer { get; set; } = "";
}
