using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansRecorder.Archive.Files;
using OrleansRecorder.Archive.Index;
using OrleansRecorder.Archive.Names;
using OrleansRecorder.Archive.Recordings;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Archive.Reports;

/// <summary>Writes a cycle's reports, each at once or not at all, and learns from those that earlier runs wrote.</summary>
internal sealed partial class ReportFiles(OutputDirectory output, ArchiveIndex index, RecordingStore store, DocumentStyle style, ILogger logger)
{
    private const int MaxJsonBytes = 32 << 20;
    private const int LearnBatch = 64;
    private const int MaxUrls = 100_000;

    private readonly Dictionary<string, string> _urls = new(StringComparer.Ordinal);

    /// <summary>Writes the three files, over those of an earlier call. Throws <see cref="ArchiveException"/> when the file system refuses.</summary>
    public void Write(CycleReport report)
    {
        var document = ReportDocument.From(report, style);
        var directory = report.Cycle.CycleDirectory;
        var json = document.Settings.ReportFilename;
        if (json != report.ReportFilename) LogNameRefused(report.ReportFilename, json);
        try
        {
            lock (store.Locks.Of(directory))
            {
                using var cycle = output.OpenOrCreateCycle(directory);
                WriteFile(cycle, ReportName.Text, TextReport.Write(document));
                WriteFile(cycle, ReportName.Csv, CsvReport.Write(document));
                WriteFile(cycle, json, JsonReport.Write(document));
                cycle.Flush();
                index.AddDirectory(directory);
                index.Learn(directory, JsonReport.Facts(document), cycle.Stat(json) is { } facts ? new ReportStamp(json, facts.ETag) : null);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ArchiveException.From(exception).Because(new("写入报告失败", "the reports cannot be written"));
        }
    }

    /// <summary>Reads reports, the newest first, for so long; what is left comes next time. For one caller at a time.</summary>
    public void Learn(TimeSpan budget, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (index.Learnable(LearnBatch) is { Length: > 0 } folders)
        {
            foreach (var folder in folders)
            {
                if (cancellation.IsCancellationRequested || time.GetElapsedTime(start) >= budget) return;
                index.Learn(folder.Name, Read(folder.Name, folder.Report!), folder.Report);
            }
        }
    }

    /// <summary>The name under which half-written report files stand.</summary>
    public static string Unfinished(string name) => $".{name}.writing";

    /// <summary>Whether this is what a crash left of a report.</summary>
    public static bool IsUnfinished(string name) => RecordingName.IsHidden(name) && name.EndsWith(".writing", StringComparison.Ordinal);

    private static void WriteFile(DirectoryHandle cycle, string name, byte[] content)
    {
        var unfinished = Unfinished(name);
        try
        {
            using (var file = cycle.CreateOrTruncateFile(unfinished))
            {
                RandomAccess.Write(file, content, fileOffset: 0);
                RandomAccess.FlushToDisk(file);
            }

            cycle.Rename(unfinished, name);
        }
        catch
        {
            cycle.DeleteFile(unfinished);
            throw;
        }
    }

    private Dictionary<string, RecordingFacts> Read(string directory, ReportStamp report)
    {
        try
        {
            using var cycle = output.OpenCycle(directory);
            using var stream = new FileStream(cycle.OpenFile(report.Filename), FileAccess.Read);
            if (stream.Length > MaxJsonBytes) throw new JsonException($"larger than {MaxJsonBytes >> 20} MiB");
            var facts = JsonReport.ReadFacts(stream);
            foreach (var (name, fact) in facts) facts[name] = fact with { RtspUrl = Shared(fact.RtspUrl) };
            return facts;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // The recordings are listed without what only the report knows; a rewritten report is read again.
            LogNotRead(directory, report.Filename, exception.Message);
            return [];
        }
    }

    // The same few addresses stand in every cycle's report.
    private string? Shared(string? url)
    {
        if (url is null) return null;
        if (_urls.TryGetValue(url, out var shared)) return shared;
        if (_urls.Count < MaxUrls) _urls[url] = url;
        return url;
    }

    [LoggerMessage(3101, LogLevel.Warning, "The report {Directory}/{Filename} is not used: {Reason}")]
    private partial void LogNotRead(string directory, string filename, string reason);

    [LoggerMessage(3102, LogLevel.Warning, "report_filename {Configured} cannot name a report; it is written as {Filename}")]
    private partial void LogNameRefused(string configured, string filename);
}
