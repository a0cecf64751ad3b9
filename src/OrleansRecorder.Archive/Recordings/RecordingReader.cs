using OrleansRecorder.Archive.Files;
using OrleansRecorder.Archive.Names;

namespace OrleansRecorder.Archive.Recordings;

/// <summary>Finds and reads finished recordings and reports.</summary>
internal sealed class RecordingReader(OutputDirectory output, RecordingStore store)
{
    /// <summary>Throws a refusal unless this is a finished recording.</summary>
    public static void CheckFinished(RecordingStore store, DirectoryHandle cycle, string directory, string filename)
    {
        var finished = RecordingName.IsUnfinished(filename) ? RecordingName.Finished(filename) : filename;
        if (store.Open.Contains(directory, finished)) throw Refusals.FileInUse;
        var facts = cycle.Stat(filename);
        if (facts is null || finished != filename)
        {
            var unfinished = RecordingName.Unfinished(finished);
            if (RecordingName.IsUnfinished(unfinished) && cycle.Stat(unfinished) is not null && store.IsAlive(cycle, directory, unfinished)) throw Refusals.FileInUse;
            throw Refusals.NoFile;
        }

        if (facts.Value.Kind == FileKind.Link) throw Refusals.Link;
        if (facts.Value.Kind != FileKind.File || !RecordingName.IsFinished(filename)) throw Refusals.NoFile;
    }

    /// <summary>Finds a finished recording.</summary>
    public ArchiveFile StatRecording(string clientPath)
    {
        var location = output.Locate(clientPath);
        using var cycle = output.OpenCycle(location.Directory);
        CheckFinished(store, cycle, location.Directory, location.Filename);
        return Describe(cycle, location);
    }

    /// <summary>Finds a report of a cycle. <see cref="ReportName.Json"/> finds the JSON report under whatever name it was written.</summary>
    public ArchiveFile StatReport(string directory, string filename, string? knownJson)
    {
        directory = OutputDirectory.LocateCycle(directory);
        if (filename is "." or ".." || filename.AsSpan().IndexOfAny('/', '\\') >= 0) throw Refusals.Outside;
        if (!ReportName.IsValid(filename)) throw Refusals.NoFile;
        using var cycle = output.OpenCycle(directory);
        if (filename == ReportName.Json && cycle.Stat(filename) is null && knownJson is not null) filename = knownJson;
        return Describe(cycle, new ArchiveLocation(directory, filename));
    }

    /// <summary>Reads a piece of a file that a Stat call found; null when it is gone or another.</summary>
    public byte[]? Read(string relativePath, string etag, long offset, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, IArchiveGrain.MaxReadBytes);
        if (ArchiveLocation.Parse(relativePath) is not { } location) return null;
        if (!RecordingName.IsFinished(location.Filename) && !ReportName.IsValid(location.Filename)) return null;

        using var cycle = output.OpenCycle(location.Directory);
        using var file = cycle.OpenFile(location.Filename);
        var facts = DirectoryHandle.Stat(file, cycle.PathOf(location.Filename));
        if (facts.ETag != etag) return null;

        var piece = GC.AllocateUninitializedArray<byte>((int)Math.Clamp(facts.Size - offset, 0, count));
        var read = 0;
        while (read < piece.Length)
        {
            var n = RandomAccess.Read(file, piece.AsSpan(read), offset + read);
            if (n == 0) return null;
            read += n;
        }

        return piece;
    }

    private static ArchiveFile Describe(DirectoryHandle cycle, ArchiveLocation location)
    {
        using var file = cycle.OpenFile(location.Filename);
        var facts = DirectoryHandle.Stat(file, cycle.PathOf(location.Filename));
        return new ArchiveFile { Result = ArchiveResult.Ok, Path = location.ToString(), Size = facts.Size, ModifiedAt = facts.ModifiedAt, ETag = facts.ETag };
    }
}
