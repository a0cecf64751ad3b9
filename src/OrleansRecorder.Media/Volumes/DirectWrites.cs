namespace OrleansRecorder.Media.Volumes;

/// <summary>
/// Whether the files of one disk are written past the page cache, and the memory for it. Most of what a recording costs is otherwise the kernel's copy of it into pages that nobody reads
/// again before they are dropped. A disk that answers slowly (one that turns, a busy one) is better served by the cache, which puts the writes of many files in order: then it
/// is left alone for a while.
/// </summary>
/// <param name="time">Measures the pause.</param>
internal sealed class DirectWrites(TimeProvider time)
{
    /// <summary>Writes begin and end at multiples of this many bytes: no disk has larger blocks, and it is a page.</summary>
    public const int Block = 4096;

    /// <summary>Bytes of a file's first write from which on it is worth it: less is copied into the page cache sooner than sent to a disk.</summary>
    public const int LeastLength = 64 << 10;

    /// <summary>Bytes of one call. Few enough to stay in the processor's cache between our copy and the disk's.</summary>
    public const int PieceLength = 1 << 20;

    // What a disk may take for a call: an SSD needs a tenth of that, one that turns and has hundreds of files more.
    private const double AllowedMilliseconds = 4;
    private const double AllowedBytesPerMillisecond = 100_000;

    // Of how many calls the average is, about.
    private const double Memory = 32;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Stack<BlockBuffer> _buffers = [];
    private double _slowness;
    private long? _refusedAt;

    /// <summary>The disk keeps up: its calls take, in the average, no longer than they may, and none has failed in the last ten minutes.</summary>
    public bool IsWorthIt
    {
        get
        {
            lock (_lock)
            {
                if (_refusedAt is { } since && time.GetElapsedTime(since) < Pause) return false;
                _refusedAt = null;
                return true;
            }
        }
    }

    /// <summary>A call of so many bytes took so long.</summary>
    public void Took(int bytes, TimeSpan duration)
    {
        var slowness = duration.TotalMilliseconds / (AllowedMilliseconds + (bytes / AllowedBytesPerMillisecond));
        lock (_lock)
        {
            _slowness += (slowness - _slowness) / Memory;
            if (_slowness > 1) RefuseNeedsLock();
        }
    }

    /// <summary>The disk, or its file system, did not take a write.</summary>
    public void Refuse()
    {
        lock (_lock) RefuseNeedsLock();
    }

    /// <summary>Memory for one call.</summary>
    public BlockBuffer Rent()
    {
        lock (_lock)
        {
            if (_buffers.TryPop(out var buffer)) return buffer;
        }

        return new BlockBuffer();
    }

    /// <summary>Gives it back. As many are kept as were ever in use at once: one for each of the disk's threads.</summary>
    public void Return(BlockBuffer buffer)
    {
        lock (_lock) _buffers.Push(buffer);
    }

    private void RefuseNeedsLock()
    {
        _slowness = 0;
        _refusedAt = time.GetTimestamp();
    }
}
