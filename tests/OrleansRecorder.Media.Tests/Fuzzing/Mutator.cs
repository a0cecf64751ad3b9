namespace OrleansRecorder.Media.Tests.Fuzzing;

/// <summary>Makes damaged input out of good input, the same for the same random numbers.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> corpus)
{
    private const int MaxLength = 1 << 20;
    private static readonly byte[] Interesting = [0, 1, 2, 0x0A, 0x0D, 0x20, 0x22, 0x24, 0x3A, 0x7C, 0x7F, 0x80, 0xC0, 0xFE, 0xFF];

    /// <summary>One of the examples with up to eight changes.</summary>
    public byte[] Next()
    {
        var data = Pick();
        for (var changes = random.Next(1, 9); changes > 0; changes--) data = Change(data);
        return data.Length <= MaxLength ? data : data[..MaxLength];
    }

    private byte[] Change(byte[] data)
    {
        if (data.Length == 0) return Pick();
        var (from, to) = Range(data);
        switch (random.Next(9))
        {
            case 0:
                data = [.. data];
                data[from] ^= (byte)(1 << random.Next(8));
                return data;
            case 1:
                data = [.. data];
                data[from] = Interesting[random.Next(Interesting.Length)];
                return data;
            case 2:
                data = [.. data];
                random.NextBytes(data.AsSpan(from..Math.Min(to, from + 8)));
                return data;
            case 3: return data[..from];
            case 4: return [.. data[..from], .. data[to..]];
            case 5: return [.. data[..to], .. data[from..to], .. data[to..]];
            case 6: return [.. data[..from], .. Piece(Pick()), .. data[from..]];
            case 7: return [.. data[..from], .. Piece(Pick()), .. data[to..]];
            default: return [.. data[..from], Interesting[random.Next(Interesting.Length)], .. data[from..]];
        }
    }

    private byte[] Pick() => [.. corpus[random.Next(corpus.Count)]];

    private byte[] Piece(byte[] data)
    {
        if (data.Length == 0) return data;
        var (from, to) = Range(data);
        return data[from..to];
    }

    // Mostly short: what is wrong with real streams is seldom half of them.
    private (int From, int To) Range(byte[] data)
    {
        var from = random.Next(data.Length);
        var length = random.Next(4) == 0 ? random.Next(data.Length - from) : random.Next(Math.Min(16, data.Length - from));
        return (from, from + length + (from + length < data.Length ? 1 : 0));
    }
}
