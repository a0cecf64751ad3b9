using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansRecorder.Archive;
using OrleansRecorder.Archive.Recovery;

namespace OrleansRecorder.Nodes;

/// <summary>Finishes what an earlier life of this node left in its output directories, once for each.</summary>
internal sealed partial class NodeRecovery(NodeArchives archives, RecordingRepair repair, ILogger<NodeRecovery> logger)
{
    private readonly ConcurrentDictionary<string, Lazy<Task>> _recoveries = new(StringComparer.Ordinal);

    /// <summary>Completes when the directory has been gone through; what could not be repaired is logged and stays for the next start.</summary>
    public Task Of(string outputDirectory)
    {
        var archive = archives.For(outputDirectory);
        return _recoveries.GetOrAdd(archive.Path, _ => new Lazy<Task>(() => Recover(archive))).Value;
    }

    private async Task Recover(DirectoryArchive archive)
    {
        try
        {
            var report = await archive.RecoverAsync(repair).ConfigureAwait(false);
            if (report.Recovered.Count + report.Discarded.Count + report.Failed.Count + report.Alive == 0) return;
            LogRecovered(archive.Path, report.Recovered.Count, report.Discarded.Count, report.Failed.Count, report.Alive);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The recorder goes on without: the files are still there, and a directory that cannot be read shows in every listing.
            LogFailed(archive.Path, exception);
        }
    }

    [LoggerMessage(2101, LogLevel.Information, "Recovery of {Path}: {Recovered} recordings finished, {Discarded} empty ones removed, {Failed} left as they are, {Alive} still being written.")]
    private partial void LogRecovered(string path, int recovered, int discarded, int failed, int alive);

    [LoggerMessage(2102, LogLevel.Error, "Recovery of {Path} failed.")]
    private partial void LogFailed(string path, Exception exception);
}
