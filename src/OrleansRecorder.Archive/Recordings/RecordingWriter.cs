using Microsoft.Win32.SafeHandles;
using OrleansRecorder.Archive.Index;
using OrleansRecorder.Captures;

namespace OrleansRecorder.Archive.Recordings;

/// <summary>
/// A recording that is being written: hidden, neither listed nor deletable, and marked as alive for other nodes, until it is completed or
/// discarded. Disposed without either, as when a capture breaks, it stays on disk for recovery. For one caller at a time.
/// </summary>
public sealed class RecordingWriter : IDisposable
{
    private readonly RecordingStore _store;
    private readonly string? _rtspUrl;
    private readonly SafeFileHandle _alive;
    private readonly string _begunAs;
    private bool _ended;

    internal RecordingWriter(RecordingStore store, string directory, string filename, SafeFileHandle alive, FileStream stream, string? rtspUrl)
    {
        _store = store;
        _alive = alive;
        _rtspUrl = rtspUrl;
        _begunAs = filename;
        Directory = directory;
        Filename = filename;
        Stream = stream;
    }

    /// <summary>The cycle directory's name.</summary>
    public string Directory { get; }

    /// <summary>The bare name that it will have; after <see cref="Complete"/> the one that it has.</summary>
    public string Filename { get; private set; }

    /// <summary>The file, unbuffered, readable too; its <see cref="FileStream.Name"/> is the hidden file's path.</summary>
    public FileStream Stream { get; }

    /// <summary>
    /// Brings the file to disk, closes it and gives it its name: the next free part's when somebody has put another file there meanwhile.
    /// Throws <see cref="ArchiveException"/> when the file system refuses; what was written then stays for recovery.
    /// </summary>
    /// <param name="part">What was recorded; its size and name are the disk's in the answer.</param>
    public Recording Complete(RecordedPart part)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        try
        {
            RandomAccess.FlushToDisk(_alive);
            var recording = _store.Publish(Directory, _begunAs, new RecordingFacts(part.Size, part.Duration.TotalSeconds, _rtspUrl, StatusCode: null));
            Filename = recording.Filename;
            return recording;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ArchiveException.From(exception);
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Closes and removes the file: it holds nothing. Throws <see cref="ArchiveException"/> when the file system refuses.</summary>
    public void Discard()
    {
        if (_ended) return;
        try
        {
            _store.Discard(Directory, _begunAs);
        }
        catch (ArchiveException exception) when (exception.Result == ArchiveResult.NotFound)
        {
            // Somebody has removed the directory by hand: as wanted.
        }
        finally
        {
            Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ended) return;
        _ended = true;
        try
        {
            Stream.Dispose();
        }
        finally
        {
            _alive.Dispose();
            _store.Open.Remove(Directory, _begunAs);
        }
    }
}
