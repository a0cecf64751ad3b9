namespace OrleansRecorder.Media.Rtsp;

/// <summary>Which track an interleaved channel belongs to, as the server's replies to SETUP said, not as was asked for.</summary>
internal sealed class ChannelMap
{
    private const int Nobody = -1;
    private const int Several = -2;
    private const int PayloadTypeMask = 0x7F;
    private readonly short[] _tracks = new short[256];
    private readonly List<RtspTrack> _all = [];

    public ChannelMap() => Array.Fill(_tracks, (short)Nobody);

    /// <summary>Adds a track that comes interleaved.</summary>
    public void Add(RtspTrack track)
    {
        _all.Add(track);
        Claim(track.Transport.RtpChannel, track.Index);
        Claim(track.Transport.RtcpChannel, track.Index);
    }

    /// <summary>The track of a packet, or -1. Servers that put several tracks on one channel are told apart by payload types.</summary>
    public int Find(byte channel, ReadOnlySpan<byte> packet)
    {
        var track = _tracks[channel];
        return track == Several ? ByPayloadType(channel, packet) : track;
    }

    private void Claim(byte channel, int track) => _tracks[channel] = _tracks[channel] == Nobody || _tracks[channel] == track ? (short)track : (short)Several;

    private int ByPayloadType(byte channel, ReadOnlySpan<byte> packet)
    {
        if (packet.Length < 2) return Nobody;
        foreach (var track in _all)
        {
            if ((track.Transport.RtpChannel == channel || track.Transport.RtcpChannel == channel) && track.Media.PayloadType == (packet[1] & PayloadTypeMask)) return track.Index;
        }

        return Nobody;
    }
}
