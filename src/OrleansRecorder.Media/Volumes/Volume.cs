using OrleansRecorder.Media.Threads;

namespace OrleansRecorder.Media.Volumes;

/// <summary>
/// One disk, with a few threads. Writes need one or two. Creating and ending files has threads of its own: an end waits for the disk to have it all, and the
/// fragments of other files must not wait with it. More are begun when all files of a cycle end at once: a disk does that for several in the time of one.
/// </summary>
/// <param name="limit">Bytes that may wait.</param>
/// <param name="time">Measures the writes.</param>
/// <param name="meter">Hears of each.</param>
/// <param name="write">How to write; null for what is best for the disk.</param>
internal sealed class Volume(long limit, TimeProvider time, IWriteMeter meter, GatheringWrite? write)
{
    private readonly WorkThreads _writers = new("volume writer", most: 4, time);
    private readonly WorkThreads _others = new("volume files", most: 8, time);
    private long _waiting;

    /// <summary>Bytes that wait.</summary>
    public long Waiting => Interlocked.Read(ref _waiting);

    /// <summary>More may wait.</summary>
    public bool HasRoom => Waiting < limit;

    /// <summary>How to write the ordinary way.</summary>
    public GatheringWrite Write { get; } = write ?? RandomAccess.Write;

    /// <summary>Decides which files are written past the page cache; null for none.</summary>
    public DirectWrites? Direct { get; } = write is null ? new DirectWrites(time) : null;

    /// <summary>Measures the writes.</summary>
    public TimeProvider Time => time;

    /// <summary>Now, for <see cref="Wrote"/>.</summary>
    public long Timestamp => time.GetTimestamp();

    /// <summary>Counts bytes that wait, or do so no longer.</summary>
    public void Count(long bytes) => Interlocked.Add(ref _waiting, bytes);

    /// <summary>A file has something to be done: soon if it is only a write, which nobody waits for.</summary>
    public void Schedule(FileQueue file, bool isWrite)
    {
        if (isWrite) _writers.ScheduleSoon(file);
        else _others.Schedule(file);
    }

    /// <summary>A write is done.</summary>
    public void Wrote(long bytes, long since) => meter.Wrote(bytes, time.GetElapsedTime(since));
}
