namespace OrleansRecorder.Media.Rtp.Video;

/// <summary>What a NAL unit is to whoever puts pictures together.</summary>
internal enum UnitRole
{
    /// <summary>Not stored: delimiters, filler, private data.</summary>
    Unneeded,

    /// <summary>A VPS, SPS or PPS: belongs to the next picture.</summary>
    ParameterSet,

    /// <summary>An SEI: belongs to the next picture.</summary>
    Message,

    /// <summary>An SEI that belongs to the picture before it.</summary>
    Suffix,

    /// <summary>A slice.</summary>
    Slice,

    /// <summary>A piece of a slice that never begins a picture: data partitions B and C.</summary>
    SlicePiece,

    /// <summary>A slice of a picture that may need earlier ones after a cut (RASL, ITU-T H.265, 3.111).</summary>
    LeadingSlice,

    /// <summary>A slice of a picture where decoding can begin.</summary>
    KeySlice,

    /// <summary>The same, but pictures that follow may need earlier ones (CRA and BLA, ITU-T H.265, 3.28 and 3.16).</summary>
    OpenKeySlice,
}

/// <summary>What the headers of NAL units say (ITU-T H.264, 7.3.1; ITU-T H.265, 7.3.1.2).</summary>
/// <param name="codec">FFmpeg's name: <c>h264</c> or <c>hevc</c>.</param>
internal sealed class NalSyntax(string codec)
{
    private readonly bool _isHevc = codec == "hevc";

    /// <inheritdoc cref="NalSyntax(string)"/>
    public string Codec => codec;

    /// <summary>Bytes of a unit's header.</summary>
    public int HeaderSize => _isHevc ? 2 : 1;

    /// <summary>Whether samples keep the parameter sets before them: <c>hvc1</c> has them in its sample entry alone (ISO 14496-15, 8.3.2).</summary>
    public bool KeepsParameterSets => !_isHevc;

    /// <summary>The role of a unit with this header.</summary>
    public UnitRole RoleOf(byte first, byte second) => _isHevc ? RoleInHevc(first, second) : RoleInAvc(first);

    // ITU-T H.264, table 7-1. The forbidden bit is set by encoders that mean it as little as any other.
    private static UnitRole RoleInAvc(byte first) => (first & 0x1F) switch
    {
        1 or 2 => UnitRole.Slice,
        3 or 4 => UnitRole.SlicePiece,
        5 => UnitRole.KeySlice,
        6 => UnitRole.Message,
        7 or 8 => UnitRole.ParameterSet,
        _ => UnitRole.Unneeded,
    };

    // ITU-T H.265, table 7-1; units of other layers are left out.
    private static UnitRole RoleInHevc(byte first, byte second)
    {
        if ((first & 1) != 0 || (second & 0xF8) != 0) return UnitRole.Unneeded;
        return ((first >> 1) & 0x3F) switch
        {
            8 or 9 => UnitRole.LeadingSlice,
            >= 16 and <= 18 or 21 => UnitRole.OpenKeySlice,
            19 or 20 => UnitRole.KeySlice,
            <= 7 => UnitRole.Slice,
            32 or 33 or 34 => UnitRole.ParameterSet,
            39 => UnitRole.Message,
            40 => UnitRole.Suffix,
            _ => UnitRole.Unneeded,
        };
    }
}
