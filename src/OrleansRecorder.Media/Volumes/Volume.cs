using OrleansRecorder.Media.Threads;

namespace OrleansRecorder.Media.Volumes;

/// <summary>
/// One disk, with two threads: a disk is idle while the other end of a network file system thinks, and closing a file takes longer than a write.
/// </summary>
/// <param name="limit">Bytes that may wait.</param>
/// <param name="time">Measures the writes.</param>
/// <param name="meter">Hears of each.</param>
/// <param name="write">How to write.</param>
internal sealed class Volume(long limit, TimeProvider time, IWriteMeter meter, GatheringWrite write)
{
    private readonly WorkThreads _threads = new("volume writer", most: 2);
    private long _waiting;

    /// <summary>Bytes that wait.</summary>
    public long Waiting => Interlocked.Read(ref _waiting);

    /// <summary>More may wait.</summary>
    public bool HasRoom => Waiting < limit;

    /// <summary>How to write.</summary>
    public GatheringWrite Write => write;

    /// <summary>Now, for <see cref="Wrote"/>.</summary>
    public long Timestamp => time.GetTimestamp();

    /// <summary>Counts bytes that wait, or do so no longer.</summary>
    public void Count(long bytes) => Interlocked.Add(ref _waiting, bytes);

    /// <summary>A file has something to be done.</summary>
    public void Schedule(FileQueue file) => _threads.Schedule(file);

    /// <summary>A write has ended, well or not.</summary>
    public void Wrote(long bytes, long since) => meter.Wrote(bytes, time.GetElapsedTime(since));
}
