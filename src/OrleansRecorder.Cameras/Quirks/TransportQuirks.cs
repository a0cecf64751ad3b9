namespace OrleansRecorder.Cameras;

/// <summary>How media is brought to the client.</summary>
public sealed record TransportQuirks
{
    /// <summary>SETUP over TCP is answered 461.</summary>
    public bool RefusesTcp { get; init; }

    /// <summary>SETUP over UDP is answered 461.</summary>
    public bool RefusesUdp { get; init; }

    /// <summary>The camera numbers its channels by itself from here, whatever the client asked for.</summary>
    public int? FirstChannel { get; init; }

    /// <summary>The answer names the channel of RTP alone: <c>interleaved=0</c>.</summary>
    public bool NamesOneChannel { get; init; }

    /// <summary>The answer names no <c>server_port</c>.</summary>
    public bool OmitsServerPorts { get; init; }

    /// <summary>The source in the answer is not the one that the packets carry.</summary>
    public bool NamesOtherSource { get; init; }

    /// <summary>Datagrams change places with their neighbours; none is lost.</summary>
    public bool ReordersDatagrams { get; init; }

    /// <summary>Some datagrams come twice.</summary>
    public bool RepeatsDatagrams { get; init; }

    /// <summary>Media flows before the answer to PLAY, which comes so much later than the first key frame.</summary>
    public TimeSpan EarlyMedia { get; init; }

    /// <summary>Data that nobody asked for comes on this channel, of TCP.</summary>
    public byte? JunkChannel { get; init; }
}
