using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;
using OrleansRecorder.Media.Mp4;
using OrleansRecorder.Media.Volumes;

namespace OrleansRecorder.Media.Recordings;

/// <summary>How a file ended.</summary>
/// <param name="Part">What it holds under its final name; null when it holds nothing, or what is on disk is left to the recovery.</param>
/// <param name="Failure">What went wrong, or null.</param>
internal readonly record struct PartEnd(RecordedPart? Part, Exception? Failure);

/// <summary>The file of a part, whose every step is done by the volume's threads: creating it, the writes, the index, its name.</summary>
internal sealed class PartFile
{
    private readonly IFileQueue _queue;
    private readonly Task _created;
    private IRecordingFile? _file;

    public PartFile(IRecordingTarget target, int number, IFileWriter writers)
    {
        _queue = writers.Open(target.Volume);
        _created = _queue.Run(() =>
        {
            _file = target.CreatePart(number);
            _queue.File = _file.Stream.SafeFileHandle;
        });
    }

    /// <summary>Why it could not be created or written; null while all is well.</summary>
    public Exception? Failure => _created.IsFaulted ? _created.Exception.InnerException : _queue.Failure;

    /// <summary>Whether the disk keeps up.</summary>
    public bool HasRoom => _queue.HasRoom;

    /// <summary>Bytes that wait.</summary>
    public long Waiting => _queue.Waiting;

    /// <summary>Takes a write over.</summary>
    public void Write(FileWrite write) => _queue.Write(write);

    /// <inheritdoc cref="IFileQueue.WaitForRoom"/>
    public void WaitForRoom(TimeSpan patience) => _queue.WaitForRoom(patience);

    /// <summary>Ends the file: with its index and its final name, or after a failure with what of it plays. Never fails.</summary>
    /// <param name="writer">Made the writes; null when it came to none.</param>
    /// <param name="startedAt">When the part began (UTC).</param>
    /// <param name="duration">Length of its media.</param>
    public async Task<PartEnd> End(Mp4Writer? writer, DateTimeOffset startedAt, TimeSpan duration)
    {
        var end = default(PartEnd);
        await _queue.Run(() => end = EndNow(writer, startedAt, duration));
        return end;
    }

    private PartEnd EndNow(Mp4Writer? writer, DateTimeOffset startedAt, TimeSpan duration)
    {
        if (_file is not { } file) return new PartEnd(null, Failure);
        var failure = _queue.Failure;
        try
        {
            if (failure is null && writer is { Length: > 0 })
            {
                writer.Fold((position, bytes) => RandomAccess.Write(file.Stream.SafeFileHandle, bytes, position));
                Preallocation.Release(file.Stream.SafeFileHandle, writer.Length);
                return new PartEnd(Publish(file, startedAt, duration, writer.Length), null);
            }
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        try
        {
            return new PartEnd(Salvage(file, startedAt), failure);
        }
        catch (Exception exception)
        {
            // The disk is gone; what is on it is found by the recovery at the next start.
            return new PartEnd(null, failure ?? exception);
        }
        finally
        {
            Close(file);
        }
    }

    private static RecordedPart? Salvage(IRecordingFile file, DateTimeOffset startedAt)
    {
        // Opened once more by its path, the file could meet its own writer's lock on a network file system.
        var onDisk = file.Stream.CanRead ? Mp4Recovery.Inspect(file.Stream) : Mp4Recovery.Inspect(file.Stream.Name);
        if (!onDisk.HasKeyFrame)
        {
            file.Discard();
            return null;
        }

        Preallocation.Release(file.Stream.SafeFileHandle, onDisk.Length);
        return Publish(file, startedAt, onDisk.Duration, onDisk.Length);
    }

    // The name may have been taken meanwhile: the one that it got is told.
    private static RecordedPart Publish(IRecordingFile file, DateTimeOffset startedAt, TimeSpan duration, long size)
    {
        var part = new RecordedPart { Filename = file.Filename, StartedAt = startedAt, Duration = duration, Size = size };
        file.Complete(part);
        Close(file);
        return part with { Filename = file.Filename };
    }

    private static void Close(IRecordingFile file)
    {
        try
        {
            file.Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // It was only to be closed; the recovery at the next start does what was left undone.
        }
    }
}
