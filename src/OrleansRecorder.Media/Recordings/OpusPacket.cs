namespace OrleansRecorder.Media.Recordings;

/// <summary>What the first bytes of an Opus packet say (RFC 6716, 3.1).</summary>
internal static class OpusPacket
{
    /// <summary>Hertz of the clock that Opus is counted in, whatever it was made from.</summary>
    public const int Clock = 48000;

    private const int LongestPacket = Clock * 120 / 1000;

    /// <summary>Samples of a packet at <see cref="Clock"/>; null when it makes no sense.</summary>
    public static int? Samples(ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty) return null;
        var kind = packet[0] >> 3;
        var frame = kind switch
        {
            < 12 => (kind & 3) == 3 ? 2880 : 480 << (kind & 3),
            < 16 => 480 << (kind & 1),
            _ => 120 << (kind & 3),
        };
        var frames = (packet[0] & 3) switch
        {
            0 => 1,
            1 or 2 => 2,
            _ => packet.Length > 1 ? packet[1] & 0x3f : 0,
        };
        return frames > 0 && frames * frame <= LongestPacket ? frames * frame : null;
    }
}
