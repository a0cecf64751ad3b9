namespace OrleansRecorder.Media.Buffers;

/// <summary>
/// The bytes of one track on their way into a file: appended piece by piece as packets come, taken from the front a fragment at a time. Positions count
/// from the track's first byte and never start anew. A picture that turns out to be damaged is cut off the end again. For one thread at a time.
/// <para>
/// Two may hold it: who fills it, from the start, and who takes from it, since <see cref="Hold"/>. Each disposes once; the chunks that are left are given
/// back when both have, so that a track may end before its last pictures are on their way to the disk.
/// </para>
/// </summary>
public sealed class MediaBuffer(ChunkPool pool) : IDisposable
{
    private readonly List<byte[]> _chunks = [];
    private long _firstChunkAt;
    private int _holders = 1;

    /// <summary>The position of the first byte that was not taken yet.</summary>
    public long Start { get; private set; }

    /// <summary>The position after the last byte.</summary>
    public long End { get; private set; }

    /// <summary>Another one holds it from now on, and will dispose of it too.</summary>
    public void Hold() => Interlocked.Increment(ref _holders);

    /// <summary>Adds bytes at the end.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            var room = Room();
            var piece = data.Length < room.Length ? data : data[..room.Length];
            piece.CopyTo(room);
            End += piece.Length;
            data = data[piece.Length..];
        }
    }

    /// <summary>Writes over bytes that are there: lengths that were not known when their place was left.</summary>
    public void Patch(long position, ReadOnlySpan<byte> data)
    {
        foreach (var value in data) ByteAt(position++) = value;
    }

    /// <summary>Takes away everything from a position on.</summary>
    public void Truncate(long position)
    {
        End = position;
        var needed = (int)((End - _firstChunkAt + ChunkPool.ChunkSize - 1) / ChunkPool.ChunkSize);
        while (_chunks.Count > needed)
        {
            pool.Return(_chunks[^1]);
            _chunks.RemoveAt(_chunks.Count - 1);
        }

        if (_chunks.Count == 0) _firstChunkAt = End;
    }

    /// <summary>Copies bytes out, from a position on.</summary>
    public void CopyTo(long position, Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            var offset = position - _firstChunkAt;
            var source = _chunks[(int)(offset / ChunkPool.ChunkSize)].AsSpan((int)(offset % ChunkPool.ChunkSize));
            if (source.Length > destination.Length) source = source[..destination.Length];
            source.CopyTo(destination);
            position += source.Length;
            destination = destination[source.Length..];
        }
    }

    /// <summary>Takes the bytes before a position out; their chunks are the taker's to give back.</summary>
    public ChunkRun Take(long end)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        var owned = new List<byte[]>();
        while (Start < end)
        {
            var offset = (int)(Start - _firstChunkAt);
            var length = (int)Math.Min(end - Start, ChunkPool.ChunkSize - offset);
            var chunk = _chunks[0];
            if (offset + length == ChunkPool.ChunkSize || Start + length == End)
            {
                _chunks.RemoveAt(0);
                _firstChunkAt += ChunkPool.ChunkSize;
                owned.Add(chunk);
                pieces.Add(chunk.AsMemory(offset, length));
            }
            else
            {
                // What follows stays here: the smaller evil is to copy less than a chunk.
                var copy = pool.Rent();
                chunk.AsSpan(offset, length).CopyTo(copy);
                owned.Add(copy);
                pieces.Add(copy.AsMemory(0, length));
            }

            Start += length;
        }

        if (_chunks.Count == 0) _firstChunkAt = End;
        return new ChunkRun(pool, pieces, owned);
    }

    /// <summary>Gives all chunks back, when nobody else holds it.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _holders) != 0) return;
        foreach (var chunk in _chunks) pool.Return(chunk);
        _chunks.Clear();
        Start = _firstChunkAt = End;
    }

    private Span<byte> Room()
    {
        var offset = (int)(End - _firstChunkAt);
        if (offset == _chunks.Count * ChunkPool.ChunkSize) _chunks.Add(pool.Rent());
        return _chunks[^1].AsSpan(offset % ChunkPool.ChunkSize);
    }

    private ref byte ByteAt(long position)
    {
        var offset = position - _firstChunkAt;
        return ref _chunks[(int)(offset / ChunkPool.ChunkSize)][(int)(offset % ChunkPool.ChunkSize)];
    }
}
