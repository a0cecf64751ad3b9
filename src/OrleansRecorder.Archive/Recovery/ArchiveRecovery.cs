using Microsoft.Extensions.Logging;
using OrleansRecorder.Archive.Files;
using OrleansRecorder.Archive.Index;
using OrleansRecorder.Archive.Names;
using OrleansRecorder.Archive.Recordings;
using OrleansRecorder.Archive.Reports;

namespace OrleansRecorder.Archive.Recovery;

/// <summary>
/// Finishes what a crash left in an output directory: repairs hidden recordings and gives them their names, removes those that hold nothing.
/// Holds each file's writer lock meanwhile, so that two nodes on a shared volume never repair the same one. May run at any time, and again.
/// </summary>
internal sealed partial class ArchiveRecovery(OutputDirectory output, RecordingStore store, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan ReportGrace = TimeSpan.FromMinutes(1);

    private readonly List<Recording> _recovered = [];
    private readonly List<string> _discarded = [];
    private readonly List<RecoveryFailure> _failed = [];
    private readonly List<string> _left = [];
    private int _alive;

    /// <summary>One recovery; an output directory that does not exist has nothing to recover. For one call.</summary>
    public async Task<RecoveryReport> RunAsync(RecordingRepair repair, CancellationToken cancellation)
    {
        foreach (var (directory, name) in Find())
        {
            cancellation.ThrowIfCancellationRequested();
            await RecoverAsync(directory, name, repair, cancellation);
        }

        return new RecoveryReport { Recovered = _recovered, Discarded = _discarded, Failed = _failed, Alive = _alive, Left = _left };
    }

    private List<(string Directory, string Name)> Find()
    {
        var found = new List<(string, string)>();
        try
        {
            using var root = output.Open();
            foreach (var directory in root.Names().Where(CycleName.IsValid).Order(StringComparer.Ordinal))
            {
                if (root.Stat(directory)?.Kind != FileKind.Directory) continue;
                using var cycle = root.OpenDirectory(directory);
                foreach (var name in cycle.Names().Order(StringComparer.Ordinal))
                {
                    if (RecordingName.IsUnfinished(name) && cycle.Stat(name)?.Kind == FileKind.File) found.Add((directory, name));
                    if (ReportFiles.IsUnfinished(name)) RemoveUnfinishedReport(cycle, name);
                }
            }
        }
        catch (ArchiveException exception) when (exception.Result == ArchiveResult.NotFound)
        {
            LogNothing(output.Path, exception.Reason.English);
        }

        return found;
    }

    private void RemoveUnfinishedReport(DirectoryHandle cycle, string name)
    {
        // A younger one may be another node's, about to be renamed.
        if (cycle.Stat(name) is { Kind: FileKind.File } facts && time.GetUtcNow() - facts.ModifiedAt > ReportGrace) cycle.DeleteFile(name);
    }

    private async Task RecoverAsync(string directory, string unfinished, RecordingRepair repair, CancellationToken cancellation)
    {
        var location = new ArchiveLocation(directory, unfinished);
        var filename = RecordingName.Finished(unfinished);
        try
        {
            using var cycle = output.OpenCycle(directory);
            using var file = cycle.OpenFile(unfinished, write: true);
            // Not between our own creating a file and telling that it is ours.
            bool isOurs;
            lock (store.Locks.Of(directory)) isOurs = store.Open.Contains(directory, filename);
            if (isOurs || !WriterLock.TryTakeFound(file, cycle.PathOf(unfinished), time))
            {
                _alive++;
                if (!isOurs) _left.Add(location.ToString());
                return;
            }

            // Another node may have finished it between the search and the lock.
            if (cycle.Stat(unfinished)?.Inode != DirectoryHandle.Stat(file, cycle.PathOf(unfinished)).Inode) return;

            var repaired = RandomAccess.GetLength(file) == 0 ? RepairedRecording.Empty : await repair(cycle.PathOf(unfinished), cancellation);
            if (repaired.Duration is { } duration)
            {
                // Its writer had blocks allocated ahead.
                RandomAccess.SetLength(file, RandomAccess.GetLength(file));
                RandomAccess.FlushToDisk(file);
                var recording = store.Publish(directory, filename, new RecordingFacts(Size: 0, duration.TotalSeconds, RtspUrl: null, StatusCode: null));
                _recovered.Add(recording);
                LogRecovered(location.ToString(), recording.Filename, duration.TotalSeconds);
            }
            else
            {
                store.Discard(directory, filename);
                _discarded.Add(location.ToString());
                LogDiscarded(location.ToString());
            }
        }
        catch (ArchiveException exception) when (exception.Result == ArchiveResult.NotFound)
        {
            // Gone meanwhile, with its directory or by another node's recovery: nothing is left to do.
            LogNothing(location.ToString(), exception.Reason.English);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            // Whatever one file's trouble is, the others are not kept waiting; this one stays for the next recovery.
            _left.Add(location.ToString());
            _failed.Add(new RecoveryFailure(location.ToString(), ArchiveException.From(exception).Reason));
            LogFailed(location.ToString(), exception);
        }
    }

    [LoggerMessage(3201, LogLevel.Information, "Recovered {Path} as {Filename}, {Seconds:0.0} s")]
    private partial void LogRecovered(string path, string filename, double seconds);

    [LoggerMessage(3202, LogLevel.Information, "Removed {Path}: nothing had been recorded in it")]
    private partial void LogDiscarded(string path);

    [LoggerMessage(3203, LogLevel.Error, "{Path} cannot be recovered now and stays as it is")]
    private partial void LogFailed(string path, Exception exception);

    [LoggerMessage(3204, LogLevel.Debug, "Nothing to recover in {Path}: {Reason}")]
    private partial void LogNothing(string path, string reason);
}
