namespace OrleansRecorder.Media.Recordings;

/// <summary>The sequence parameter set of H.264 (ITU-T H.264, 7.3.2.1.1 and E.1.1).</summary>
internal static class H264Sps
{
    private const int MaxReorderDepth = 16;

    /// <summary>Reads a set, its NAL header included; null when it ends too early.</summary>
    public static SequenceParameters? Read(ReadOnlySpan<byte> unit)
    {
        var bits = new BitReader(unit[1..]);
        var profile = bits.Bits(8);
        var constraints = bits.Bits(8);
        bits.Skip(8);
        bits.Unsigned();
        var (chroma, depth) = ReadChroma(ref bits, profile);
        bits.Unsigned();
        var orderType = ReadPictureOrder(ref bits);
        bits.Unsigned();
        bits.Skip(1);
        var (width, height) = ReadSize(ref bits, chroma);
        if (bits.IsPastEnd) return null;

        var reorder = orderType == 2 || profile == 66 ? 0 : bits.Flag() ? ReadReorderDepth(ref bits) : null;
        return new SequenceParameters(width, height, (profile << 24) | (constraints << 16) | (chroma << 8) | depth, bits.IsPastEnd && reorder != 0 ? null : reorder);
    }

    private static (uint Chroma, uint Depth) ReadChroma(ref BitReader bits, uint profile)
    {
        if (profile is not (100 or 110 or 122 or 244 or 44 or 83 or 86 or 118 or 128 or 138 or 139 or 134 or 135)) return (1, 0);
        var chroma = bits.Unsigned();
        if (chroma == 3) bits.Skip(1);
        var depth = (bits.Unsigned() << 4) | bits.Unsigned();
        bits.Skip(1);
        if (bits.Flag()) SkipScalingLists(ref bits, chroma == 3 ? 12 : 8);
        return (chroma, depth);
    }

    private static void SkipScalingLists(ref BitReader bits, int count)
    {
        for (var list = 0; list < count; list++)
        {
            if (!bits.Flag()) continue;
            var last = 8;
            var next = 8;
            for (var i = 0; i < (list < 6 ? 16 : 64); i++)
            {
                if (next != 0) next = (last + bits.Signed() + 256) % 256;
                if (next != 0) last = next;
            }
        }
    }

    private static uint ReadPictureOrder(ref BitReader bits)
    {
        var type = bits.Unsigned();
        if (type == 0)
        {
            bits.Unsigned();
        }
        else if (type == 1)
        {
            bits.Skip(1);
            bits.Signed();
            bits.Signed();
            var count = Math.Min(bits.Unsigned(), 255);
            for (var i = 0; i < count; i++) bits.Signed();
        }

        return type;
    }

    private static (int Width, int Height) ReadSize(ref BitReader bits, uint chroma)
    {
        var width = (int)Math.Min(bits.Unsigned() + 1, 4096) * 16;
        var rows = (int)Math.Min(bits.Unsigned() + 1, 4096) * 16;
        var framesOnly = bits.Flag();
        if (!framesOnly) bits.Skip(1);
        bits.Skip(1);
        var height = framesOnly ? rows : rows * 2;
        if (!bits.Flag()) return (width, height);
        var unitX = chroma is 1 or 2 ? 2 : 1;
        var unitY = (chroma == 1 ? 2 : 1) * (framesOnly ? 1 : 2);
        var left = bits.Unsigned();
        var right = bits.Unsigned();
        var top = bits.Unsigned();
        var bottom = bits.Unsigned();
        return ((int)(width - ((left + right) * unitX)), (int)(height - ((top + bottom) * unitY)));
    }

    private static int? ReadReorderDepth(ref BitReader bits)
    {
        if (bits.Flag() && bits.Bits(8) == 255) bits.Skip(32);
        if (bits.Flag()) bits.Skip(1);
        if (bits.Flag())
        {
            bits.Skip(4);
            if (bits.Flag()) bits.Skip(24);
        }

        if (bits.Flag())
        {
            bits.Unsigned();
            bits.Unsigned();
        }

        if (bits.Flag()) bits.Skip(65);
        var hasNal = bits.Flag();
        if (hasNal) SkipBufferModel(ref bits);
        var hasVcl = bits.Flag();
        if (hasVcl) SkipBufferModel(ref bits);
        if (hasNal || hasVcl) bits.Skip(1);
        bits.Skip(1);
        if (!bits.Flag()) return null;
        bits.Skip(1);
        for (var i = 0; i < 4; i++) bits.Unsigned();
        var depth = bits.Unsigned();
        return bits.IsPastEnd || depth > MaxReorderDepth ? null : (int)depth;
    }

    private static void SkipBufferModel(ref BitReader bits)
    {
        var count = Math.Min(bits.Unsigned(), 31) + 1;
        bits.Skip(8);
        for (var i = 0; i < count; i++)
        {
            bits.Unsigned();
            bits.Unsigned();
            bits.Skip(1);
        }

        bits.Skip(20);
    }
}
