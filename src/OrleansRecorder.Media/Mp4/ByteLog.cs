namespace OrleansRecorder.Media.Mp4;

/// <summary>
/// Numbers that are only ever appended and read from the front, each in as few bytes as it needs (7 bits a byte, the last one below 128). Blocks begin small
/// and are never copied, so that a thousand short recordings cost little and a long one no more than its numbers.
/// </summary>
internal sealed class ByteLog
{
    private const int FirstBlock = 256;
    private const int LargestBlock = 16 << 10;
    private readonly List<byte[]> _blocks = [];
    private int _used;

    /// <summary>Bytes of all numbers.</summary>
    public long Length { get; private set; }

    /// <summary>Appends a number.</summary>
    public void Add(ulong value)
    {
        while (value >= 0x80)
        {
            Append((byte)(value | 0x80));
            value >>= 7;
        }

        Append((byte)value);
    }

    /// <summary>Appends a number that may be negative, small ones in few bytes.</summary>
    public void AddSigned(long value) => Add((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Begins to read at the front.</summary>
    public Reader Read() => new(this);

    private void Append(byte value)
    {
        if (_blocks.Count == 0 || _used == _blocks[^1].Length)
        {
            _blocks.Add(new byte[_blocks.Count == 0 ? FirstBlock : Math.Min(LargestBlock, _blocks[^1].Length * 2)]);
            _used = 0;
        }

        _blocks[^1][_used++] = value;
        Length++;
    }

    /// <summary>Reads what was appended, in order; whoever appended knows how many there are.</summary>
    public struct Reader(ByteLog log)
    {
        private int _block;
        private int _at;

        /// <summary>The next number.</summary>
        public ulong Next()
        {
            var value = 0ul;
            for (var shift = 0; ; shift += 7)
            {
                if (_at == log._blocks[_block].Length)
                {
                    _block++;
                    _at = 0;
                }

                var part = log._blocks[_block][_at++];
                value |= (ulong)(part & 0x7f) << shift;
                if (part < 0x80) return value;
            }
        }

        /// <summary>The next number of those that may be negative.</summary>
        public long NextSigned()
        {
            var value = Next();
            return (long)(value >> 1) ^ -(long)(value & 1);
        }
    }
}
