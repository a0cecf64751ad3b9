namespace OrleansRecorder.Configuration;

/// <summary>Where the configuration is kept, and what the host allows in it.</summary>
public sealed class ConfigOptions
{
    /// <summary>
    /// The file that is read at start and by a reload, and written by a save. A save to another file stays in its directory. Default <c>config.json</c>.
    /// </summary>
    public string FilePath { get; set; } = "config.json";

    /// <summary>What the host allows.</summary>
    public ConfigRules Rules { get; set; } = ConfigRules.Default;

    /// <summary>Takes the place of the document's <c>output_directory</c> at start, as an edit that is not saved; null leaves it.</summary>
    public string? OutputDirectory { get; set; }

    /// <summary>How long after its storage went away an edit is held, for the storage to come back, before it is refused. Default 8 s: the API waits a little longer.</summary>
    public TimeSpan StoragePatience { get; set; } = TimeSpan.FromSeconds(8);
}
