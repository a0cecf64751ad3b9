using Microsoft.Extensions.Logging;
using OrleansRecorder.Archive.Files;
using OrleansRecorder.Archive.Names;

namespace OrleansRecorder.Archive.Index;

/// <summary>
/// Brings the index up to what is on disk: one look at each cycle directory's time of change, then into those that changed or were
/// changing lately. Files that are overwritten in place leave no trace in their directory, so a small share of all directories is
/// read again with every scan.
/// </summary>
internal sealed partial class ArchiveScanner(OutputDirectory output, ArchiveIndex index, TimeProvider time, ILogger logger)
{
    /// <summary>What changed less than this ago may still be changing, and may change again within the same tick of the file system's clock.</summary>
    private const long UnsettledNs = 10_000_000_000;

    /// <summary>After this many scans every directory has been read again.</summary>
    private const int ScansPerRevisit = 150;

    /// <summary>How often a directory is read again at once because our own writes touched it meanwhile.</summary>
    private const int ReadAttempts = 3;

    private int _scans;

    /// <summary>How the output directory was when it was last looked at.</summary>
    public ArchiveStatus Status { get; private set; } = ArchiveStatus.NotScanned;

    /// <summary>One scan. Never throws for what the file system does. Not to be called by two at once.</summary>
    public void Scan()
    {
        try
        {
            using var root = output.Open();
            ScanDirectories(root);
            Become(new ArchiveStatus(ArchiveState.Ready, LocalizedText.Empty, time.GetUtcNow()));
        }
        catch (ArchiveException exception) when (exception.Result == ArchiveResult.NotFound)
        {
            index.Clear();
            Become(new ArchiveStatus(ArchiveState.Missing, exception.Reason, time.GetUtcNow()));
        }
        catch (ArchiveException exception)
        {
            // What was known stays known: a disk that does not answer for a moment has not lost its files.
            Become(new ArchiveStatus(ArchiveState.Unreadable, exception.Reason, time.GetUtcNow()));
        }
    }

    private void ScanDirectories(DirectoryHandle root)
    {
        index.BeginScan();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var name in root.Names().Where(CycleName.IsValid))
        {
            try
            {
                var isRevisit = number++ % ScansPerRevisit == _scans % ScansPerRevisit;
                if (root.Stat(name) is not { Kind: FileKind.Directory } facts) continue;
                seen.Add(name);
                if (!isRevisit && index.Find(name) is { IsSettled: true } known && known.ModifiedNs == facts.ModifiedNs) continue;
                Read(root, name);
            }
            catch (ArchiveException exception) when (exception.Result == ArchiveResult.NotFound)
            {
                seen.Remove(name);
            }
            catch (ArchiveException exception)
            {
                LogUnreadableCycle(exception.Message);
            }
        }

        index.EndScan(seen);
        _scans++;
    }

    private void Read(DirectoryHandle root, string name)
    {
        for (var attempt = 0; attempt < ReadAttempts; attempt++)
        {
            index.BeginRead(name);
            using var directory = root.OpenDirectory(name);
            if (index.TryPublish(ReadOnce(directory, name))) return;
        }
    }

    private CycleFolder ReadOnce(DirectoryHandle directory, string name)
    {
        var modified = directory.Facts.ModifiedNs;
        var newest = modified;
        var recordings = new List<Recording>();
        ReportStamp? report = null;
        foreach (var filename in directory.Names())
        {
            var isReport = ReportName.IsCandidate(filename);
            if (!isReport && !RecordingName.IsFinished(filename)) continue;
            if (directory.Stat(filename) is not { Kind: FileKind.File } facts) continue;
            newest = Math.Max(newest, facts.ModifiedNs);
            if (isReport)
            {
                if (report is null || ReportName.IsBetter(filename, report.Filename)) report = new ReportStamp(filename, facts.ETag);
            }
            else
            {
                recordings.Add(new Recording { Filename = filename, Timestamp = name, Size = facts.Size, CreatedAt = facts.CreatedAt });
            }
        }

        return new CycleFolder
        {
            Name = name,
            Recordings = [.. recordings.OrderBy(r => r.Filename, StringComparer.Ordinal)],
            ModifiedNs = modified,
            IsSettled = FileFacts.Nanoseconds(time.GetUtcNow()) - newest > UnsettledNs,
            Report = report,
        };
    }

    private void Become(ArchiveStatus status)
    {
        if (status.State != Status.State)
        {
            if (status.State == ArchiveState.Unreadable) LogUnreadable(output.Path, status.Reason.English);
            else LogState(output.Path, status.State);
        }

        Status = status;
    }

    [LoggerMessage(3001, LogLevel.Information, "Output directory {Path}: {State}")]
    private partial void LogState(string path, ArchiveState state);

    [LoggerMessage(3002, LogLevel.Warning, "Output directory {Path} cannot be read: {Reason}")]
    private partial void LogUnreadable(string path, string reason);

    [LoggerMessage(3003, LogLevel.Debug, "A cycle directory cannot be read: {Reason}")]
    private partial void LogUnreadableCycle(string reason);
}
