namespace OrleansRecorder.Cameras;

/// <summary>How the video is cut into packets, and what the packets carry. RTP is RFC 3550, H.264 in it RFC 6184, H.265 RFC 7798.</summary>
public sealed record PacketQuirks
{
    /// <summary>Payload bytes of a packet, 100 to 60000.</summary>
    public int Size { get; init; } = 1400;

    /// <inheritdoc cref="MarkerStyle"/>
    public MarkerStyle Marker { get; init; }

    /// <summary>The stream has no parameter sets: they are in the description alone.</summary>
    public bool OmitsParameterSets { get; init; }

    /// <summary>Every packet has a header extension (RFC 3550 section 5.3.1), as ONVIF replays have.</summary>
    public bool HasHeaderExtension { get; init; }

    /// <summary>An access unit delimiter, and a supplemental unit behind the slices, belong to each picture (H.264 only).</summary>
    public bool HasDelimiters { get; init; }

    /// <summary>A new source (SSRC) begins with every key frame.</summary>
    public bool ChangesSource { get; init; }

    /// <summary>Sequence numbers begin anew somewhere else with every new source.</summary>
    public bool RestartsSequence { get; init; }

    /// <summary>Sequence numbers reach 65535 and begin again so many packets after PLAY.</summary>
    public int? SequenceWrapsAfter { get; init; }

    /// <summary>Every so many frames the middle packet of one is lost, if it has three or more; over TCP too.</summary>
    public int? LosesPacketEvery { get; init; }

    /// <summary>Frames are sent by halves of the clip: at the camera's frame rate, then at this one.</summary>
    public int? SlowFrameRate { get; init; }

    /// <summary>From the first key frame so long after PLAY, the picture has another size.</summary>
    public SizeChange? Resize { get; init; }
}

/// <summary>When the RTP marker bit is set, which is for the last packet of a picture.</summary>
public enum MarkerStyle
{
    /// <summary>As it is meant.</summary>
    LastPacket,

    /// <summary>Never.</summary>
    Never,

    /// <summary>On every packet.</summary>
    Always
}

/// <summary>A new size of the picture.</summary>
/// <param name="After">Since PLAY.</param>
/// <param name="Width">Even, 128 to 3840.</param>
/// <param name="Height">Even, 96 to 2160.</param>
public sealed record SizeChange(TimeSpan After, int Width, int Height);
