using Orleans.Concurrency;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Archive;

/// <summary>
/// The recordings on one node's disk, keyed by the archive's name, which is the node's own unless it declares another. Placed on a node that serves
/// it (nodes with a common volume declare one name and any of them does) and nowhere else: <see cref="NodeUnavailableException"/> when none is there.
/// Persists nothing: the disk is the truth.
/// Every call names the output directory as configured, since the configuration can change it between two cycles.
/// All of them interleave: a slow download never holds up a listing.
/// </summary>
[Alias("recorder.IArchiveGrain")]
public interface IArchiveGrain : IGrainWithStringKey
{
    /// <summary>The cycle directories, newest first.</summary>
    [AlwaysInterleave, Alias("ListDirectories")]
    Task<ArchiveDirectory[]> ListDirectories(string outputDirectory);

    /// <summary>
    /// The finished recordings, oldest directory first, then by file name; of one directory when <paramref name="directory"/> is given.
    /// <see cref="RecordingPage.Found"/> is false when there is no such directory.
    /// </summary>
    /// <param name="outputDirectory">As configured.</param>
    /// <param name="directory">A cycle directory's name, or null for all.</param>
    /// <param name="offset">How many to pass over, from 0.</param>
    /// <param name="limit">How many to return at most; <see cref="int.MaxValue"/> for all.</param>
    [AlwaysInterleave, Alias("ListRecordings")]
    Task<RecordingPage> ListRecordings(string outputDirectory, string? directory, int offset, int limit);

    /// <summary>Deletes one finished recording. <paramref name="path"/> is what the listing calls <c>full_path</c>.</summary>
    [AlwaysInterleave, Alias("DeleteRecording")]
    Task<ArchiveOutcome> DeleteRecording(string outputDirectory, string path);

    /// <summary>Deletes a cycle directory with all that is in it, unless a capture writes into it.</summary>
    [AlwaysInterleave, Alias("DeleteDirectory")]
    Task<ArchiveOutcome> DeleteDirectory(string outputDirectory, string directory);

    /// <summary>Size and times of a finished recording, by its <c>full_path</c>.</summary>
    [AlwaysInterleave, Alias("StatRecording")]
    Task<ArchiveFile> StatRecording(string outputDirectory, string path);

    /// <summary>Size and times of a report: <c>rtsp_report.json</c> (under whatever name it is configured), <c>report.txt</c> or <c>streams.csv</c>.</summary>
    [AlwaysInterleave, Alias("StatReport")]
    Task<ArchiveFile> StatReport(string outputDirectory, string directory, string filename);

    /// <summary>
    /// Reads a piece of a file that a Stat call has found, shorter than <paramref name="count"/> only at its end.
    /// Null when the file is gone or is not the one that <paramref name="etag"/> names any more.
    /// </summary>
    /// <param name="outputDirectory">As configured.</param>
    /// <param name="path">The <see cref="ArchiveFile.Path"/> of the Stat call.</param>
    /// <param name="etag">The <see cref="ArchiveFile.ETag"/> of the Stat call.</param>
    /// <param name="offset">Bytes from the start.</param>
    /// <param name="count">1 to <see cref="MaxReadBytes"/>.</param>
    [AlwaysInterleave, Alias("Read")]
    Task<byte[]?> Read(string outputDirectory, string path, string etag, long offset, int count);

    /// <summary>Creates a cycle's directory; the name when it was free, else the next free second's.</summary>
    [AlwaysInterleave, Alias("ReserveDirectory")]
    Task<string> ReserveDirectory(string outputDirectory, string wantedName);

    /// <summary>Writes the three report files, atomically each.</summary>
    [AlwaysInterleave, Alias("WriteReports")]
    Task WriteReports(CycleReport report);

    /// <summary>The bound of one <see cref="Read"/>: 1 MiB.</summary>
    const int MaxReadBytes = 1 << 20;
}

/// <summary>A cycle's directory in the archive.</summary>
[GenerateSerializer, Immutable, Alias("recorder.ArchiveDirectory")]
public sealed record ArchiveDirectory
{
    /// <summary>The directory's name, <c>yyyyMMdd_HHmmss</c>.</summary>
    [Id(0)] public required string Timestamp { get; init; }

    /// <summary>Finished recordings in it.</summary>
    [Id(1)] public required int VideoCount { get; init; }

    /// <summary>Their bytes.</summary>
    [Id(2)] public required long TotalSize { get; init; }
}

/// <summary>A finished recording.</summary>
[GenerateSerializer, Immutable, Alias("recorder.Recording")]
public sealed record Recording
{
    /// <summary>The bare file name.</summary>
    [Id(0)] public required string Filename { get; init; }

    /// <summary>The cycle directory's name.</summary>
    [Id(1)] public required string Timestamp { get; init; }

    /// <summary>Bytes on disk.</summary>
    [Id(2)] public required long Size { get; init; }

    /// <summary>When it was made (UTC): when its capture began to write, or the file system's time for files that were put there by hand.</summary>
    [Id(3)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Length of its media, when known.</summary>
    [Id(4)] public double? DurationSeconds { get; init; }

    /// <summary>The stream's address without credentials, when known.</summary>
    [Id(5)] public string? RtspUrl { get; init; }

    /// <summary>The task's status, when known.</summary>
    [Id(6)] public int? StatusCode { get; init; }
}

/// <summary>A piece of a listing.</summary>
[GenerateSerializer, Immutable, Alias("recorder.RecordingPage")]
public sealed record RecordingPage
{
    /// <summary>The directory exists (always true when none was named).</summary>
    [Id(0)] public required bool Found { get; init; }

    /// <summary>All that match, whatever the page's size.</summary>
    [Id(1)] public required int TotalCount { get; init; }

    /// <summary>This page.</summary>
    [Id(2)] public required Recording[] Recordings { get; init; }

    /// <summary>
    /// When a directory was named: the names that recordings in it will have which a crash left, and which could not be finished so far
    /// (or which another node is writing).
    /// </summary>
    [Id(3)] public string[] Unrecovered { get; init; } = [];
}

/// <summary>How a deletion ended.</summary>
[GenerateSerializer, Immutable, Alias("recorder.ArchiveOutcome")]
public sealed record ArchiveOutcome(ArchiveResult Result, LocalizedText Reason)
{
    /// <summary>It is done.</summary>
    public static ArchiveOutcome Done { get; } = new(ArchiveResult.Ok, LocalizedText.Empty);
}

/// <summary>What the archive says of a path.</summary>
[GenerateSerializer, Alias("recorder.ArchiveResult")]
public enum ArchiveResult
{
    /// <summary>Found, or done.</summary>
    Ok = 0,

    /// <summary>There is no such file or directory.</summary>
    NotFound = 1,

    /// <summary>Outside the output directory after resolving <c>..</c>, symbolic links and absolute paths.</summary>
    Forbidden = 2,

    /// <summary>A capture still writes there.</summary>
    InUse = 3,

    /// <summary>The file system refuses.</summary>
    Failed = 4,

    /// <summary>Not a path or name that the archive could have.</summary>
    Invalid = 5,
}

/// <summary>A file that can be read, or why it cannot.</summary>
[GenerateSerializer, Immutable, Alias("recorder.ArchiveFile")]
public sealed record ArchiveFile
{
    /// <summary>Whether the rest is filled in.</summary>
    [Id(0)] public required ArchiveResult Result { get; init; }

    /// <summary>Why not; empty when it can be read.</summary>
    [Id(1)] public LocalizedText Reason { get; init; } = LocalizedText.Empty;

    /// <summary>The path to pass to <see cref="IArchiveGrain.Read"/>, relative to the output directory.</summary>
    [Id(2)] public string Path { get; init; } = "";

    /// <summary>Bytes.</summary>
    [Id(3)] public long Size { get; init; }

    /// <summary>When it was last written (UTC).</summary>
    [Id(4)] public DateTimeOffset ModifiedAt { get; init; }

    /// <summary>Changes with the content; without quotes.</summary>
    [Id(5)] public string ETag { get; init; } = "";
}
