namespace OrleansRecorder.Media.Rtsp.Messages;

/// <summary>What a reader found next.</summary>
internal enum RtspItem
{
    /// <summary>Nothing whole: more bytes are needed.</summary>
    None,

    /// <summary>An interleaved packet (RFC 2326, 10.12).</summary>
    Frame,

    /// <summary>A reply or a request.</summary>
    Message,

    /// <summary>Nothing more can be read from this connection; <see cref="RtspReader.Fault"/> says why.</summary>
    Broken,
}

/// <summary>Why a connection cannot be read.</summary>
internal enum RtspFault
{
    /// <summary>It can.</summary>
    None,

    /// <summary>What came first is no RTSP.</summary>
    NotRtsp,

    /// <summary>A line, a head or a body is longer than anybody needs.</summary>
    TooLong,

    /// <summary>Between packets and replies there was nothing but noise.</summary>
    FramingLost,
}
