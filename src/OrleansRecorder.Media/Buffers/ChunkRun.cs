namespace OrleansRecorder.Media.Buffers;

/// <summary>Bytes that were taken out of a <see cref="MediaBuffer"/>, in pieces, to be written and then given back.</summary>
public sealed class ChunkRun : IDisposable
{
    private readonly ChunkPool _pool;
    private readonly List<byte[]> _owned;

    internal ChunkRun(ChunkPool pool, List<ReadOnlyMemory<byte>> pieces, List<byte[]> owned)
    {
        _pool = pool;
        _owned = owned;
        Pieces = pieces;
    }

    /// <summary>The bytes in their order; for <see cref="RandomAccess.Write(Microsoft.Win32.SafeHandles.SafeFileHandle, IReadOnlyList{ReadOnlyMemory{byte}}, long)"/>.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Pieces { get; private set; }

    /// <summary>Gives the chunks back. Idempotent.</summary>
    public void Dispose()
    {
        foreach (var chunk in _owned) _pool.Return(chunk);
        _owned.Clear();
        Pieces = [];
    }
}
