namespace OrleansRecorder.Media.Recordings;

/// <summary>Reads the bits of a NAL unit, skipping its emulation prevention bytes (ITU-T H.264, 7.3.1). Reading past the end gives zeros and sets <see cref="IsPastEnd"/>.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _byte;
    private int _bit;
    private int _zeros;

    /// <summary>Whether more was read than there is.</summary>
    public bool IsPastEnd { get; private set; }

    /// <summary>The next bit.</summary>
    public bool Flag() => Bits(1) != 0;

    /// <summary>The next up to 32 bits.</summary>
    public uint Bits(int count)
    {
        var value = 0u;
        for (var i = 0; i < count; i++) value = (value << 1) | Next();
        return value;
    }

    /// <summary>Leaves out bits.</summary>
    public void Skip(int count)
    {
        for (var i = 0; i < count; i++) Next();
    }

    /// <summary>An unsigned Exp-Golomb number, ue(v).</summary>
    public uint Unsigned()
    {
        var zeros = 0;
        while (Next() == 0)
        {
            if (++zeros > 31 || IsPastEnd) return 0;
        }

        return (1u << zeros) - 1 + Bits(zeros);
    }

    /// <summary>A signed Exp-Golomb number, se(v).</summary>
    public int Signed()
    {
        var code = Unsigned();
        return (code & 1) != 0 ? (int)((code + 1) / 2) : -(int)(code / 2);
    }

    private uint Next()
    {
        if (_byte >= _data.Length)
        {
            IsPastEnd = true;
            return 0;
        }

        var bit = (uint)(_data[_byte] >> (7 - _bit)) & 1;
        if (++_bit == 8)
        {
            _zeros = _data[_byte] == 0 ? _zeros + 1 : 0;
            _bit = 0;
            _byte++;
            if (_zeros >= 2 && _byte < _data.Length && _data[_byte] == 3)
            {
                _byte++;
                _zeros = 0;
            }
        }

        return bit;
    }
}
