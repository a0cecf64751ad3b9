using OrleansRecorder.Media.Mp4;

namespace OrleansRecorder.Media.Tests.Support;

/// <summary>What an MP4 writer wants on disk, in memory, and every write that led to it.</summary>
internal sealed class WrittenFile(Mp4Writer writer)
{
    private readonly List<(long Position, byte[] Bytes)> _folding = [];

    /// <summary>The file now.</summary>
    public byte[] Bytes { get; private set; } = [];

    /// <summary>Where each fragment ended.</summary>
    public List<long> FragmentEnds { get; } = [];

    /// <summary>The writes that folded it, in their order.</summary>
    public IReadOnlyList<(long Position, byte[] Bytes)> FoldingWrites => _folding;

    /// <summary>Does a fragment's write.</summary>
    public void Add(FileWrite? write)
    {
        if (write is null) return;
        Bytes = Put(Bytes, write.Offset, [.. write.Pieces.SelectMany(piece => piece.ToArray())]);
        FragmentEnds.Add(Bytes.Length);
        foreach (var run in write.Chunks) run.Dispose();
    }

    /// <summary>Folds it.</summary>
    public WrittenFile Fold()
    {
        writer.Fold((position, bytes) =>
        {
            _folding.Add((position, bytes.ToArray()));
            Bytes = Put(Bytes, position, bytes);
        });
        return this;
    }

    /// <summary>Bytes with others written over them, or behind them.</summary>
    public static byte[] Put(byte[] file, long position, ReadOnlySpan<byte> bytes)
    {
        var result = file;
        Array.Resize(ref result, (int)Math.Max(file.Length, position + bytes.Length));
        if (ReferenceEquals(result, file)) result = (byte[])file.Clone();
        bytes.CopyTo(result.AsSpan((int)position));
        return result;
    }
}
