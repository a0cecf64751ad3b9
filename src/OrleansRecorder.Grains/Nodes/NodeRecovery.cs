using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansRecorder.Archive;
using OrleansRecorder.Archive.Recovery;

namespace OrleansRecorder.Nodes;

/// <summary>Finishes what an earlier life of this node left in its output directories: once for each, and again while something is left.</summary>
internal sealed partial class NodeRecovery(NodeArchives archives, RecordingRepair repair, TimeProvider time, ILogger<NodeRecovery> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, Attempt> _attempts = new(StringComparer.Ordinal);

    /// <summary>
    /// Completes when the directory has been gone through. What could not be repaired is logged and stays; it is tried again at the next start,
    /// or at a later call that asks for it.
    /// </summary>
    /// <param name="outputDirectory">As configured.</param>
    /// <param name="again">Try again what an earlier call had to leave.</param>
    /// <returns>What is left unfinished, relative to the output directory.</returns>
    public async Task<IReadOnlyList<string>> Of(string outputDirectory, bool again = false)
    {
        var archive = archives.For(outputDirectory);
        var attempt = _attempts.GetOrAdd(archive.Path, _ => Begin(archive));
        if (again && time.GetUtcNow() - attempt.At >= Pause && attempt.Left.Value is { IsCompleted: true } earlier && (await earlier).Count > 0)
        {
            var next = Begin(archive);
            attempt = _attempts.TryUpdate(archive.Path, next, attempt) ? next : _attempts[archive.Path];
        }

        return await attempt.Left.Value;
    }

    private Attempt Begin(DirectoryArchive archive) => new(time.GetUtcNow(), new Lazy<Task<IReadOnlyList<string>>>(() => Recover(archive)));

    private async Task<IReadOnlyList<string>> Recover(DirectoryArchive archive)
    {
        try
        {
            var report = await archive.RecoverAsync(repair).ConfigureAwait(false);
            if (report.Recovered.Count + report.Discarded.Count + report.Failed.Count + report.Alive > 0)
                LogRecovered(archive.Path, report.Recovered.Count, report.Discarded.Count, report.Failed.Count, report.Alive);
            return report.Left;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The recorder goes on without: the files are still there, and a directory that cannot be read shows in every listing.
            LogFailed(archive.Path, exception);
            return [];
        }
    }

    [LoggerMessage(2101, LogLevel.Information, "Recovery of {Path}: {Recovered} recordings finished, {Discarded} empty ones removed, {Failed} left as they are, {Alive} still being written.")]
    private partial void LogRecovered(string path, int recovered, int discarded, int failed, int alive);

    [LoggerMessage(2102, LogLevel.Error, "Recovery of {Path} failed.")]
    private partial void LogFailed(string path, Exception exception);

    private sealed record Attempt(DateTimeOffset At, Lazy<Task<IReadOnlyList<string>>> Left);
}
