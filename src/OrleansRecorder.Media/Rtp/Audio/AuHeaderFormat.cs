using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Rtsp;

namespace OrleansRecorder.Media.Rtp.Audio;

/// <summary>The widths of the fields before each access unit, in bits (RFC 3640, 4.1).</summary>
internal sealed record AuHeaderFormat
{
    private const int WidestField = 32;

    /// <summary>0: units have no size, a packet holds one.</summary>
    public int Size { get; private init; }

    /// <summary>Of a packet's first unit.</summary>
    public int Index { get; private init; }

    /// <summary>Of the others.</summary>
    public int IndexDelta { get; private init; }

    /// <summary>Behind a flag.</summary>
    public int CompositionDelta { get; private init; }

    /// <summary>Behind a flag.</summary>
    public int DecodingDelta { get; private init; }

    /// <summary>0 or 1.</summary>
    public int RandomAccess { get; private init; }

    /// <summary>Bits.</summary>
    public int StreamState { get; private init; }

    /// <summary>Bytes of every unit when they have no size; 0: not said.</summary>
    public int ConstantSize { get; private init; }

    /// <summary>Of a description, or of its mode (3.3.6: AAC-hbr, 3.3.5: AAC-lbr) where it leaves all out.</summary>
    public static AuHeaderFormat Of(MediaDescription media)
    {
        var mode = media.Parameters.GetValueOrDefault("mode", "");
        var isSaid = media.Parameters.ContainsKey("sizelength") || media.Parameters.ContainsKey("constantsize");
        if (!isSaid && mode.Equals("AAC-lbr", StringComparison.OrdinalIgnoreCase)) return new AuHeaderFormat { Size = 6, Index = 2, IndexDelta = 2 };
        if (!isSaid && (mode.Equals("AAC-hbr", StringComparison.OrdinalIgnoreCase) || mode.Length == 0)) return new AuHeaderFormat { Size = 13, Index = 3, IndexDelta = 3 };
        return new AuHeaderFormat
        {
            Size = Width("sizelength"),
            Index = Width("indexlength"),
            IndexDelta = Width("indexdeltalength"),
            CompositionDelta = Width("ctsdeltalength"),
            DecodingDelta = Width("dtsdeltalength"),
            RandomAccess = Math.Min(1, Width("randomaccessindication")),
            StreamState = Width("streamstateindication"),
            ConstantSize = Number("constantsize"),
        };

        int Width(string name) => Math.Clamp(Number(name), 0, WidestField);
        int Number(string name) => media.Parameters.TryGetValue(name, out var text) && int.TryParse(text.Trim(), out var number) ? number : 0;
    }

    /// <summary>Reads a header; its unit's size.</summary>
    public uint Read(ref BitCursor bits, bool isFirst)
    {
        var size = bits.Bits(Size);
        bits.Skip(isFirst ? Index : IndexDelta);
        if (CompositionDelta > 0 && bits.Flag()) bits.Skip(CompositionDelta);
        if (DecodingDelta > 0 && bits.Flag()) bits.Skip(DecodingDelta);
        bits.Skip(RandomAccess + StreamState);
        return size;
    }
}
