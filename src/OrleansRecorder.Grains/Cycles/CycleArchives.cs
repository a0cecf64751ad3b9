using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansRecorder.Archive;
using OrleansRecorder.Archive.Names;

namespace OrleansRecorder.Cycles;

/// <summary>What the cycle wants of the nodes' archives; each call has a deadline.</summary>
internal sealed partial class CycleArchives(IGrainFactory grains, IOptions<CycleOptions> options, TimeProvider time, ILogger<CycleArchives> logger)
{
    private const int MaxNames = 60;

    /// <summary>
    /// Makes a cycle's directory under a name that no archive has which answers: the wanted one, or that of a later second. It is made in the first
    /// archive that can; in the others it is made with the first recording, so that those which record nothing stay as they are.
    /// </summary>
    /// <returns>The name, and the archive that it was made in.</returns>
    /// <exception cref="IOException">None of them can make it, or no name is free.</exception>
    public async Task<(string Directory, string Archive)> Reserve(string outputDirectory, string wanted, string[] archives)
    {
        for (var tries = 0; tries < MaxNames; tries++)
        {
            if (archives.Length > 1 && await IsTaken(outputDirectory, wanted, archives))
            {
                wanted = NextSecond(wanted);
                continue;
            }

            var (name, archive) = await ReserveInFirst(outputDirectory, wanted, archives);
            if (name == wanted || archives.Length == 1 || !await IsTaken(outputDirectory, name, [.. archives.Where(a => a != archive)])) return (name, archive);
            wanted = NextSecond(name);
        }

        throw new IOException($"No name from {wanted} on is free for the cycle's directory in all archives.");
    }

    /// <summary>All recordings in a cycle's directory, or null when the archive does not answer.</summary>
    public async Task<RecordingPage?> List(string archive, string outputDirectory, string directory)
    {
        try
        {
            return await Limited(Of(archive).ListRecordings(outputDirectory, directory, 0, int.MaxValue));
        }
        catch (Exception exception)
        {
            LogNoParts(exception, archive);
            return null;
        }
    }

    /// <summary>Writes the reports into each archive.</summary>
    /// <returns>The archives in which that succeeded.</returns>
    public async Task<string[]> Write(CycleReport report, string[] archives)
    {
        var written = await Task.WhenAll(archives.Select(async archive =>
        {
            try
            {
                await Limited(Of(archive).WriteReports(report));
                return archive;
            }
            catch (Exception exception)
            {
                LogNotReported(exception, report.Cycle.Cycle, archive);
                return null;
            }
        }));
        return [.. written.OfType<string>()];
    }

    private async Task<(string Name, string Archive)> ReserveInFirst(string outputDirectory, string wanted, string[] archives)
    {
        Exception? last = null;
        foreach (var archive in archives)
        {
            try
            {
                return (await Limited(Of(archive).ReserveDirectory(outputDirectory, wanted)), archive);
            }
            catch (Exception exception)
            {
                // A full disk on one node does not keep the others from recording.
                LogNotReserved(exception, archive);
                last = exception;
            }
        }

        throw new IOException("No archive can make the cycle's directory.", last);
    }

    // One that does not answer has no say.
    private async Task<bool> IsTaken(string outputDirectory, string name, string[] archives)
    {
        var taken = await Task.WhenAll(archives.Select(async archive =>
        {
            try
            {
                return (await Limited(Of(archive).ListRecordings(outputDirectory, name, 0, 1))).Found;
            }
            catch (Exception exception)
            {
                LogNotReserved(exception, archive);
                return false;
            }
        }));
        return taken.Contains(true);
    }

    private static string NextSecond(string name) => CycleName.Next(name) ?? throw new IOException($"There is no name after {name}.");

    private IArchiveGrain Of(string archive) => grains.GetGrain<IArchiveGrain>(archive);

    // What runs late is not cancelled by this; whoever answers later is ignored.
    private Task<T> Limited<T>(Task<T> call) => call.WaitAsync(options.Value.CallTimeout, time);

    private Task Limited(Task call) => call.WaitAsync(options.Value.CallTimeout, time);

    [LoggerMessage(1103, LogLevel.Warning, "Archive '{Archive}' did not say what it has of a cycle.")]
    private partial void LogNoParts(Exception exception, string archive);

    [LoggerMessage(1104, LogLevel.Error, "The reports of cycle {Cycle} could not be written into archive '{Archive}'; it is tried again, with growing pauses.")]
    private partial void LogNotReported(Exception exception, long cycle, string archive);

    [LoggerMessage(1105, LogLevel.Warning, "Archive '{Archive}' did not reserve the cycle's directory.")]
    private partial void LogNotReserved(Exception exception, string archive);
}
