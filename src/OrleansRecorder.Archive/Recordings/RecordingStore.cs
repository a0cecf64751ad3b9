using Microsoft.Win32.SafeHandles;
using OrleansRecorder.Archive.Files;
using OrleansRecorder.Archive.Index;
using OrleansRecorder.Archive.Names;

namespace OrleansRecorder.Archive.Recordings;

/// <summary>Makes recordings in an output directory: begins them hidden, and gives them a name that nothing else has.</summary>
internal sealed class RecordingStore(OutputDirectory output, ArchiveIndex index, TimeProvider time)
{
    private const int MaxPart = 10_000;

    /// <summary>What creates, renames or removes names.</summary>
    public DirectoryLocks Locks { get; } = new();

    /// <summary>What is being written.</summary>
    public OpenRecordings Open { get; } = new();

    /// <summary>Creates the file of a part, or of the next part whose name is free. The directory is made when it is not there.</summary>
    public RecordingWriter Begin(string directory, string outputFilename, int part, string? rtspUrl)
    {
        if (!RecordingName.IsFinished(outputFilename)) throw Refusals.InvalidPath;
        ArgumentOutOfRangeException.ThrowIfLessThan(part, 1);

        RecordingWriter writer;
        lock (Locks.Of(directory))
        {
            using var cycle = output.OpenOrCreateCycle(directory);
            writer = Begin(cycle, directory, outputFilename, part, rtspUrl);
        }

        try
        {
            index.AddDirectory(directory);
            // Without this a power cut could take the name, and with it all that was written since. It takes its time: not under the lock.
            using var cycle = output.OpenCycle(directory);
            cycle.Flush();
            return writer;
        }
        catch
        {
            writer.Discard();
            throw;
        }
    }

    /// <summary>Gives an unfinished file its name, or the next part's that is free, and lists it.</summary>
    public Recording Publish(string directory, string filename, RecordingFacts facts)
    {
        using var cycle = output.OpenCycle(directory);
        lock (Locks.Of(directory))
        {
            var final = Rename(cycle, RecordingName.Unfinished(filename), filename);
            var stat = cycle.Stat(final) ?? throw Refusals.NoFile;
            var recording = new Recording { Filename = final, Timestamp = directory, Size = stat.Size, CreatedAt = stat.CreatedAt };
            recording = (facts with { Size = stat.Size }).ApplyTo(recording);
            index.Add(recording);
            return recording;
        }
    }

    /// <summary>Removes an unfinished file that holds nothing.</summary>
    public void Discard(string directory, string filename)
    {
        using var cycle = output.OpenCycle(directory);
        lock (Locks.Of(directory)) cycle.DeleteFile(RecordingName.Unfinished(filename));
    }

    /// <summary>Whether a living process, this one or another on a shared volume, is writing under this unfinished name.</summary>
    public bool IsAlive(DirectoryHandle cycle, string directory, string unfinished)
    {
        if (Open.Contains(directory, RecordingName.Finished(unfinished))) return true;
        try
        {
            using var file = cycle.OpenFile(unfinished);
            return WriterLock.IsTaken(file, cycle.PathOf(unfinished), time);
        }
        catch (ArchiveException exception) when (exception.Result is ArchiveResult.NotFound or ArchiveResult.Forbidden)
        {
            return false;
        }
    }

    private RecordingWriter Begin(DirectoryHandle cycle, string directory, string outputFilename, int part, string? rtspUrl)
    {
        for (; part <= MaxPart; part++)
        {
            var filename = RecordingName.OfPart(outputFilename, part);
            var unfinished = RecordingName.Unfinished(filename);
            if (cycle.Stat(filename) is not null || cycle.TryCreateFile(unfinished) is not { } alive) continue;
            if (TryOpenAlive(cycle, unfinished, alive) is not { } stream) continue;
            Open.Add(directory, filename);
            return new RecordingWriter(this, directory, filename, alive, stream, Shown(rtspUrl));
        }

        throw ArchiveException.FromErrno(Errno.Exists, cycle.PathOf(outputFilename));
    }

    // Null when another node's recovery met the file in the instant before it was marked, and takes it for a dead writer's.
    private static FileStream? TryOpenAlive(DirectoryHandle cycle, string unfinished, SafeFileHandle alive)
    {
        FileStream? stream = null;
        var isOurs = false;
        try
        {
            if (!WriterLock.TryTakeNew(alive)) return null;
            // The media part wants a stream that knows its path. Opened by path it could be another file: one look tells.
            var path = cycle.PathOf(unfinished);
            stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            isOurs = DirectoryHandle.Stat(stream.SafeFileHandle, path).Inode == DirectoryHandle.Stat(alive, path).Inode;
            return isOurs ? stream : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ArchiveException.From(exception);
        }
        finally
        {
            if (!isOurs)
            {
                stream?.Dispose();
                alive.Dispose();
            }
        }
    }

    private static string Rename(DirectoryHandle cycle, string unfinished, string filename)
    {
        for (var (final, tries) = (filename, 0); tries < MaxPart; final = RecordingName.NextPart(final), tries++)
        {
            // The next part's own writer may still be at work.
            if (tries > 0 && cycle.Stat(RecordingName.Unfinished(final)) is not null) continue;
            if (cycle.TryRename(unfinished, final)) return final;
            if (cycle.Stat(final)?.Inode != cycle.Stat(unfinished)?.Inode) continue;

            // A rename by hard link that was cut short in its middle.
            cycle.DeleteFile(unfinished);
            return final;
        }

        throw ArchiveException.FromErrno(Errno.Exists, cycle.PathOf(filename));
    }

    private static string? Shown(string? rtspUrl) =>
        rtspUrl is null ? null : StreamUrl.TryParse(rtspUrl, out var url) ? url.WithoutCredentials : null;
}
