using OrleansRecorder.Archive.Names;
using OrleansRecorder.Archive.Recovery;
using OrleansRecorder.Cycles;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Archive;

/// <summary>
/// The grain's face of this node's archives; everything is done there, off the grain's turns. It stays once it is there: while the database is away no
/// grain can be activated, and recordings are to be had nevertheless.
/// </summary>
[GrainType("archive"), ArchivePlacement, KeepAlive]
internal sealed class ArchiveGrain(NodeArchives archives, NodeRecovery recovery, RecordingMeasure measure, CaptureNode node) : Grain, IArchiveGrain
{
    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        // Whoever placed it here may not have heard yet what this node serves.
        this.GetPrimaryKeyString() == node.Archive ? Task.CompletedTask : throw new NodeUnavailableException(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public Task<ArchiveDirectory[]> ListDirectories(string outputDirectory) => archives.For(outputDirectory).ListDirectoriesAsync();

    /// <inheritdoc/>
    public async Task<RecordingPage> ListRecordings(string outputDirectory, string? directory, int offset, int limit)
    {
        // CycleGrain looks here for what a crash left: it must have been finished first, and its length counts.
        var left = await recovery.Of(outputDirectory, again: directory is not null);
        var page = await archives.For(outputDirectory).ListRecordingsAsync(directory, offset, limit, measure);
        if (directory is null || left.Count == 0) return page;
        return page with { Unrecovered = [.. left.Where(path => Path.GetDirectoryName(path) == directory).Select(path => RecordingName.Finished(Path.GetFileName(path)))] };
    }

    /// <inheritdoc/>
    public Task<ArchiveOutcome> DeleteRecording(string outputDirectory, string path) => archives.For(outputDirectory).DeleteRecordingAsync(path);

    /// <inheritdoc/>
    public Task<ArchiveOutcome> DeleteDirectory(string outputDirectory, string directory) => archives.For(outputDirectory).DeleteDirectoryAsync(directory);

    /// <inheritdoc/>
    public Task<ArchiveFile> StatRecording(string outputDirectory, string path) => archives.For(outputDirectory).StatRecordingAsync(path);

    /// <inheritdoc/>
    public Task<ArchiveFile> StatReport(string outputDirectory, string directory, string filename) =>
        archives.For(outputDirectory).StatReportAsync(directory, filename);

    /// <inheritdoc/>
    public Task<byte[]?> Read(string outputDirectory, string path, string etag, long offset, int count) =>
        archives.For(outputDirectory).ReadAsync(path, etag, offset, count);

    /// <inheritdoc/>
    public async Task<string> ReserveDirectory(string outputDirectory, string wantedName)
    {
        try
        {
            return await archives.For(outputDirectory).ReserveDirectoryAsync(wantedName);
        }
        catch (ArchiveException exception)
        {
            throw Travelling(exception);
        }
    }

    /// <inheritdoc/>
    public async Task WriteReports(CycleReport report)
    {
        try
        {
            await archives.For(report.Cycle.OutputDirectory).WriteReportsAsync(report);
        }
        catch (ArchiveException exception)
        {
            throw Travelling(exception);
        }
    }

    // Between processes only the system's own exceptions, and serializable ones, arrive as what they are; the archive knows no serializer.
    private static IOException Travelling(ArchiveException exception) => new(exception.Message, exception.HResult);
}
