namespace OrleansRecorder.Media.Recordings;

/// <summary>Reads bits as they are. Reading past the end gives zeros and sets <see cref="IsPastEnd"/>.</summary>
internal ref struct BitCursor(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;

    /// <summary>Bits read.</summary>
    public int Position { get; private set; }

    /// <summary>Whether more was read than there is.</summary>
    public readonly bool IsPastEnd => Position > _data.Length * 8L;

    /// <summary>The next bit.</summary>
    public bool Flag() => Bits(1) != 0;

    /// <summary>The next up to 32 bits.</summary>
    public uint Bits(int count)
    {
        var value = 0u;
        for (var i = 0; i < count; i++)
        {
            value <<= 1;
            if (Position < _data.Length * 8) value |= (uint)(_data[Position >> 3] >> (7 - (Position & 7))) & 1;
            if (Position < int.MaxValue) Position++;
        }

        return value;
    }

    /// <summary>Leaves out bits.</summary>
    public void Skip(long count) => Position = (int)Math.Min(Position + count, int.MaxValue);

    /// <summary>Copies bits from a place to whole bytes, the last one filled up with zeros.</summary>
    public readonly void CopyTo(int from, int bits, Span<byte> destination)
    {
        var reader = new BitCursor(_data);
        reader.Skip(from);
        for (var i = 0; bits > 0; i++, bits -= 8) destination[i] = bits >= 8 ? (byte)reader.Bits(8) : (byte)(reader.Bits(bits) << (8 - bits));
    }
}
