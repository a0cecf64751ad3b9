using System.Runtime.InteropServices;

namespace OrleansRecorder.Media.Buffers;

/// <summary>
/// The memory that media waits in until it is on disk: equal chunks, pinned, given back and used again, shared by all captures of the process.
/// It never refuses: <see cref="IsOverLimit"/> asks its users to write sooner, and to stop taking pictures when writing no longer helps.
/// </summary>
/// <param name="limit">Bytes that may be in use before it is over its limit.</param>
public sealed class ChunkPool(long limit)
{
    /// <summary>Bytes of a chunk.</summary>
    public const int ChunkSize = 16 << 10;

    // Fragments come and go: about as much as is in use is soon needed again. What a slow disk once took is not.
    private const int FewChunks = 256;
    private readonly Lock _lock = new();
    private readonly Stack<byte[]> _free = [];
    private long _inUse;

    /// <summary>Bytes in use now.</summary>
    public long InUse => Interlocked.Read(ref _inUse);

    /// <summary>Bytes that may be in use.</summary>
    public long Limit { get; } = limit;

    /// <summary>More is in use than should be.</summary>
    public bool IsOverLimit => InUse > Limit;

    /// <summary>So much more that nobody should take any, however little they hold themselves.</summary>
    public bool IsFarOverLimit => InUse > Limit + (Limit / 4);

    /// <summary>Bytes kept for use again.</summary>
    public long Kept
    {
        get
        {
            lock (_lock) return (long)_free.Count * ChunkSize;
        }
    }

    /// <summary>A chunk of <see cref="ChunkSize"/> bytes with whatever is in it.</summary>
    public byte[] Rent()
    {
        Interlocked.Add(ref _inUse, ChunkSize);
        lock (_lock)
        {
            if (_free.TryPop(out var chunk))
            {
                if (_free.TryPeek(out var next)) Prefetch.Read(ref MemoryMarshal.GetArrayDataReference(next), 0);
                return chunk;
            }
        }

        return GC.AllocateUninitializedArray<byte>(ChunkSize, pinned: true);
    }

    /// <summary>Gives a chunk back, once.</summary>
    public void Return(byte[] chunk)
    {
        Interlocked.Add(ref _inUse, -ChunkSize);
        lock (_lock)
        {
            var enough = FewChunks + (InUse / ChunkSize);
            if (_free.Count < enough) _free.Push(chunk);
            else if (_free.Count > enough) _free.Pop();
        }
    }
}
