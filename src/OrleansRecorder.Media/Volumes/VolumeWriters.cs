using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace OrleansRecorder.Media.Volumes;

/// <summary>Writes pieces one behind the other into a file: <see cref="RandomAccess.Write(SafeFileHandle, IReadOnlyList{ReadOnlyMemory{byte}}, long)"/>, or what a test has in its place.</summary>
internal delegate void GatheringWrite(SafeFileHandle file, IReadOnlyList<ReadOnlyMemory<byte>> pieces, long offset);

/// <summary>The volumes of this process, each with threads of its own, so that a disk that hangs holds up its own recordings only.</summary>
/// <param name="limit">Bytes that may wait for one volume before it has no more room.</param>
/// <param name="time">Measures the writes.</param>
/// <param name="meter">Hears of each.</param>
/// <param name="write">How to write; null for what is best for each disk: past the page cache where that is worth it (<see cref="DirectWrites"/>).</param>
internal sealed class VolumeWriters(long limit, TimeProvider time, IWriteMeter meter, GatheringWrite? write = null) : IFileWriter
{
    private readonly ConcurrentDictionary<string, Volume> _volumes = new(StringComparer.Ordinal);

    /// <summary>Bytes that wait, for all disks.</summary>
    public long Waiting => _volumes.Values.Sum(volume => volume.Waiting);

    /// <inheritdoc/>
    public IFileQueue Open(string volume) => new FileQueue(_volumes.GetOrAdd(volume, _ => new Volume(limit, time, meter, write)));
}

/// <summary>Hears of writes, on the writers' threads.</summary>
internal interface IWriteMeter
{
    /// <summary>A write is done: neither one that failed nor one that was left out after a failure.</summary>
    void Wrote(long bytes, TimeSpan duration);
}
