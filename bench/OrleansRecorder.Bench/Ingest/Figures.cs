using System.Globalization;
using System.Text;

namespace OrleansRecorder.Bench.Ingest;

/// <summary>One way to record, under one load, over one window.</summary>
internal sealed record Figures
{
    public required Load Load { get; init; }

    public required string Way { get; init; }

    /// <summary>CPU of all its processes in the window, in cores.</summary>
    public required double Cores { get; init; }

    /// <summary>CPU of the cameras in the window, in cores.</summary>
    public required double SourceCores { get; init; }

    /// <summary>Proportional set size of all its processes at the end of the window.</summary>
    public required double Megabytes { get; init; }

    /// <summary>The part of it that no file backs.</summary>
    public required double AnonymousMegabytes { get; init; }

    /// <summary>Threads of all its processes.</summary>
    public required int Threads { get; init; }

    /// <summary>Those of them that sweep our sessions; the most at the beginning and the end of the window.</summary>
    public int IngestThreads { get; init; }

    /// <summary>Captures, or processes that are one, that ended before they were told to, or made no file.</summary>
    public int EndedEarly { get; init; }

    /// <summary>From the start until half of the files, and all of them, had their first fragment on the disk; 0 when not known.</summary>
    public (double Half, double All) WrittenMs { get; init; }

    /// <summary>What its files hold; null for a way that makes none.</summary>
    public FileCounts? Files { get; init; }

    /// <summary>What it said on its standard error, the first lines.</summary>
    public string Errors { get; init; } = "";

    /// <summary>Milliseconds of CPU a stream and second: 10 are one percent of a core.</summary>
    public double CpuMs => 1000 * Cores / Load.Streams;

    /// <summary>All figures as a table.</summary>
    public static string Table(IEnumerable<Figures> all)
    {
        var text = new StringBuilder();
        text.AppendLine("| | way | CPU ms a stream | cores | cores of the cameras | MB (PSS) | MB (anonymous) | threads | ingest threads | ended early | first fragment, s: half, all | whole files | frames | missing: before, between, after |");
        text.AppendLine("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var f in all)
        {
            var written = f.WrittenMs.All > 0 ? string.Create(CultureInfo.InvariantCulture, $"{f.WrittenMs.Half / 1000:0.0}, {f.WrittenMs.All / 1000:0.0}") : "";
            var files = f.Files is { } counts ? string.Create(CultureInfo.InvariantCulture, $"{counts.Whole} of {f.Load.Streams} | {counts.Frames} | {counts.Missing.Before}, {counts.Missing.Between}, {counts.Missing.After}") : "| |";
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"| {f.Load.Name} | {f.Way} | {f.CpuMs:0.00} | {f.Cores:0.000} | {f.SourceCores:0.00} | {f.Megabytes:0} | {f.AnonymousMegabytes:0} | {f.Threads} | {(f.IngestThreads > 0 ? f.IngestThreads : "")} | {f.EndedEarly} | {written} | {files} |"));
        }

        return text.ToString();
    }
}
