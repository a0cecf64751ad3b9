namespace OrleansRecorder.Cameras.Rtp;

/// <summary>A clip's video or sound as RTP packets, made once and replayed, looped, to any number of sessions.</summary>
internal sealed record RtpTrack
{
    /// <summary><c>video</c> or <c>audio</c>.</summary>
    public required string Media { get; init; }

    /// <summary>The RTP payload type.</summary>
    public required int PayloadType { get; init; }

    /// <summary>SDP's encoding, such as <c>H264/90000</c>.</summary>
    public required string RtpMap { get; init; }

    /// <summary>SDP's format parameters, or null.</summary>
    public required string? FormatParameters { get; init; }

    /// <summary>RTP timestamps a second.</summary>
    public required int ClockRate { get; init; }

    /// <summary>The clip's length in whole seconds.</summary>
    public required int Seconds { get; init; }

    /// <summary>Video only: frames a second.</summary>
    public int? FrameRate { get; init; }

    /// <summary>Every packet, framed for TCP (RFC 2326 section 10.12): <c>$</c>, channel, length, RTP header, payload. Sessions fill in the blanks.</summary>
    public required byte[] Data { get; init; }

    /// <summary>In the order they are sent.</summary>
    public required RtpUnit[] Units { get; init; }

    /// <summary>RTP timestamp, from the start of the first round, of the <paramref name="index"/>th unit of the endless loop.</summary>
    public long TimestampOf(long index) => (index / Units.Length * Seconds * ClockRate) + Units[index % Units.Length].Timestamp;

    /// <summary>When that unit is due, in <see cref="TimeSpan"/> ticks from the start of the first round.</summary>
    public long DueOf(long index) => (index / Units.Length * Seconds * TimeSpan.TicksPerSecond) + Units[index % Units.Length].Due;

    /// <summary>The first unit that is due at a moment or later.</summary>
    public long IndexAt(long due)
    {
        var round = due / (Seconds * TimeSpan.TicksPerSecond);
        var index = round * Units.Length;
        while (DueOf(index) < due) index++;
        return index;
    }
}
