namespace OrleansRecorder.Archive;

/// <summary>Settings of a node's archives.</summary>
public sealed record NodeArchivesOptions
{
    /// <summary>What relative output directories start from, absolute. Default: the working directory.</summary>
    public string BaseDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>From one scan to the next. Default: 2 s, greater than zero; what is put there by hand shows at most this and a scan's own time later.</summary>
    public TimeSpan ScanInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Language and time zone of the reports. Default: Chinese, the machine's zone.</summary>
    public DocumentStyle ReportStyle { get; init; } = DocumentStyle.Default;
}
