namespace OrleansRecorder.Media.Recordings;

/// <summary>The sequence parameter set of H.265 (ITU-T H.265, 7.3.2.2.1), as far as the order of pictures.</summary>
internal static class H265Sps
{
    private const int MaxReorderDepth = 16;

    /// <summary>Reads a set, its NAL header included; null when it ends too early.</summary>
    public static SequenceParameters? Read(ReadOnlySpan<byte> unit)
    {
        if (unit.Length < 3) return null;
        var bits = new BitReader(unit[2..]);
        bits.Skip(4);
        var subLayers = (int)bits.Bits(3);
        bits.Skip(1);
        var profile = ReadProfile(ref bits, subLayers);
        bits.Unsigned();
        var chroma = bits.Unsigned();
        if (chroma == 3) bits.Skip(1);
        var width = bits.Unsigned();
        var height = bits.Unsigned();
        if (bits.Flag())
        {
            var unitX = chroma is 1 or 2 ? 2u : 1;
            var unitY = chroma == 1 ? 2u : 1;
            width -= (bits.Unsigned() + bits.Unsigned()) * unitX;
            height -= (bits.Unsigned() + bits.Unsigned()) * unitY;
        }

        var depth = (bits.Unsigned() << 4) | bits.Unsigned();
        bits.Unsigned();
        if (bits.IsPastEnd) return null;
        var reorder = ReadReorderDepth(ref bits, subLayers);
        return new SequenceParameters((int)width, (int)height, (profile << 16) | (chroma << 8) | depth, bits.IsPastEnd ? null : reorder);
    }

    private static long ReadProfile(ref BitReader bits, int subLayers)
    {
        var profile = bits.Bits(8);
        bits.Skip(80);
        var level = bits.Bits(8);
        Span<bool> present = stackalloc bool[16];
        for (var i = 0; i < subLayers; i++)
        {
            present[2 * i] = bits.Flag();
            present[(2 * i) + 1] = bits.Flag();
        }

        if (subLayers > 0) bits.Skip(2 * (8 - subLayers));
        for (var i = 0; i < subLayers; i++)
        {
            if (present[2 * i]) bits.Skip(88);
            if (present[(2 * i) + 1]) bits.Skip(8);
        }

        return (profile << 8) | level;
    }

    private static int? ReadReorderDepth(ref BitReader bits, int subLayers)
    {
        var forEach = bits.Flag();
        var depth = 0u;
        for (var i = forEach ? 0 : subLayers; i <= subLayers; i++)
        {
            bits.Unsigned();
            depth = bits.Unsigned();
            bits.Unsigned();
        }

        return depth > MaxReorderDepth ? null : (int)depth;
    }
}
