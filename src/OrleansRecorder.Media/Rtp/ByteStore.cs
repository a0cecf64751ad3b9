namespace OrleansRecorder.Media.Rtp;

/// <summary>A few bytes that are gathered again and again: its memory stays.</summary>
internal sealed class ByteStore
{
    private byte[] _data = [];

    /// <summary>Bytes in it.</summary>
    public int Length { get; private set; }

    /// <summary>What is in it, until the next change.</summary>
    public Span<byte> Data => _data.AsSpan(0, Length);

    /// <summary>Adds bytes.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        if (Length + data.Length > _data.Length) Array.Resize(ref _data, Math.Max(256, (Length + data.Length) * 2));
        data.CopyTo(_data.AsSpan(Length));
        Length += data.Length;
    }

    /// <summary>Takes away everything from a position on.</summary>
    public void Truncate(int length) => Length = length;
}
