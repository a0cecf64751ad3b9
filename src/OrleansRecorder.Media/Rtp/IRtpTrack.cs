namespace OrleansRecorder.Media.Rtp;

/// <summary>
/// One track's packets on their way to pictures and sound. One thread; never throws for what a packet holds. Disposing of it gives back the memory of what
/// was not delivered; what was delivered stays with the sink, which takes it out of its buffer or disposes of that.
/// </summary>
internal interface IRtpTrack : IDisposable
{
    /// <summary>What the sink is told of it.</summary>
    Sources.MediaTrack Description { get; }

    /// <summary>Takes an RTP packet (RFC 3550, 5.1), on TCP and UDP alike. False when the sink wants no more.</summary>
    /// <param name="packet">Valid only during the call.</param>
    /// <param name="now">Since the connection began.</param>
    bool OnRtp(ReadOnlySpan<byte> packet, TimeSpan now);

    /// <summary>Takes a compound RTCP packet.</summary>
    RtcpNews OnRtcp(ReadOnlySpan<byte> packet, TimeSpan now);

    /// <summary>Hands on what waits for packets that will not come any more, once its patience is over. Called every sweep; false as for <see cref="OnRtp"/>.</summary>
    bool OnTick(TimeSpan now);

    /// <summary>Hands on everything that waits: nothing comes after this. False as for <see cref="OnRtp"/>.</summary>
    bool Flush();

    /// <summary>Writes a receiver report with SDES (RFC 3550, 6.4.2); the bytes written, 0 when no packet has come yet.</summary>
    int WriteReceiverReport(Span<byte> destination, TimeSpan now);

    /// <summary>RTP packets of this track so far; the stall timer looks at it.</summary>
    long Packets { get; }

    /// <summary>When the last of them came.</summary>
    TimeSpan LastPacket { get; }

    /// <summary>Whether a picture was delivered with which a file can begin. Always true for sound.</summary>
    bool HasKeyFrame { get; }

    /// <summary>When the last whole picture was delivered, on the clock of <see cref="LastPacket"/>; null before the first, and for sound.</summary>
    TimeSpan? LastPicture { get; }

    /// <summary>The packets hold something else than was described (a camera was set from H.264 to H.265): only a new session will do.</summary>
    bool HasOtherFormat { get; }
}

/// <summary>What a compound RTCP packet said that matters to a session.</summary>
[Flags]
internal enum RtcpNews
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The sender says goodbye (BYE, RFC 3550, 6.6).</summary>
    Bye = 1,

    /// <summary>A sender report was taken in.</summary>
    SenderReport = 2,
}
