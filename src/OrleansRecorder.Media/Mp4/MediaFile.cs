using OrleansRecorder.Media.Buffers;

namespace OrleansRecorder.Media.Mp4;

/// <summary>Bytes for one place in a file, to be written in one call and then given back.</summary>
/// <param name="Offset">In the file.</param>
/// <param name="Pieces">In order.</param>
/// <param name="Chunks">What to dispose of when it is written, or never will be.</param>
internal sealed record FileWrite(long Offset, IReadOnlyList<ReadOnlyMemory<byte>> Pieces, IReadOnlyList<ChunkRun> Chunks)
{
    /// <summary>Bytes in all.</summary>
    public long Length => Pieces.Sum(piece => (long)piece.Length);
}

/// <summary>Takes bytes for a place in a file, one call after the other; they are valid only during the call.</summary>
internal delegate void FileOutput(long position, ReadOnlySpan<byte> bytes);
