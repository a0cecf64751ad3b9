using System.Net;

namespace OrleansRecorder.Media.Rtsp;

/// <summary>One media of a session description (RFC 8866, 5.14) in the format that it will be sent in, quirks already put right.</summary>
internal sealed record MediaDescription
{
    /// <summary><c>video</c>, <c>audio</c>, <c>application</c>…, lower case.</summary>
    public required string Kind { get; init; }

    /// <summary>The encoding name of the rtpmap in upper case (<c>H264</c>, <c>H265</c>, <c>MPEG4-GENERIC</c>, <c>PCMA</c>…), for static payload types that of RFC 3551; "" when unknown.</summary>
    public required string Encoding { get; init; }

    /// <summary>0 to 127.</summary>
    public required int PayloadType { get; init; }

    /// <summary>Units a second of the RTP timestamps; more than 0.</summary>
    public required int ClockRate { get; init; }

    /// <summary>1 or more for sound, else 0.</summary>
    public int Channels { get; init; }

    /// <summary>The fmtp's parameters, names in lower case, values as written.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The control attribute as written, or null.</summary>
    public string? Control { get; init; }

    /// <summary>Pixels, from <c>x-dimensions</c> or <c>framesize</c>; 0 when not said.</summary>
    public int Width { get; init; }

    /// <summary>Pixels; 0 when not said.</summary>
    public int Height { get; init; }

    /// <summary>We would be the ones to send: a camera's loudspeaker.</summary>
    public bool IsSendOnly { get; init; }
}

/// <summary>How a track's packets come.</summary>
internal sealed record TrackTransport
{
    /// <summary>In the RTSP connection; false: UDP.</summary>
    public required bool IsInterleaved { get; init; }

    /// <summary>Channel of RTP; RTCP has <see cref="RtcpChannel"/>.</summary>
    public byte RtpChannel { get; init; }

    /// <summary>Channel of RTCP.</summary>
    public byte RtcpChannel { get; init; }

    /// <summary>Where the server sends from and takes receiver reports, if it said so.</summary>
    public (int Rtp, int Rtcp)? ServerPorts { get; init; }

    /// <summary>Another address than the server's own that the packets come from, if it said so.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>The SSRC that its packets are to have, if the server said one; often another one comes.</summary>
    public uint? Ssrc { get; init; }
}
