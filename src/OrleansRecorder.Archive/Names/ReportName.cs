namespace OrleansRecorder.Archive.Names;

/// <summary>The names of a cycle's report files.</summary>
public static class ReportName
{
    /// <summary>The JSON report's name unless the configuration has another.</summary>
    public const string Json = "rtsp_report.json";

    /// <summary>The report for a person.</summary>
    public const string Text = "report.txt";

    /// <summary>One row a stream.</summary>
    public const string Csv = "streams.csv";

    /// <summary>The JSON report's name as configured, or <see cref="Json"/> for one that would hide, or replace another file of the archive.</summary>
    public static string JsonFor(string configured) =>
        IsValid(configured) && configured is not (Text or Csv) ? configured : Json;

    /// <summary>Whether a report may be called so, under whatever name it is configured.</summary>
    public static bool IsValid(string name) => RecordingName.IsBare(name) && !RecordingName.IsHidden(name) && !RecordingName.IsFinished(name);

    /// <summary>Whether a file of this name may be a JSON report.</summary>
    public static bool IsCandidate(string name) => IsValid(name) && name.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Of two candidates, the default name wins, then the order of the alphabet.</summary>
    public static bool IsBetter(string name, string than) => than != Json && (name == Json || string.CompareOrdinal(name, than) < 0);
}
