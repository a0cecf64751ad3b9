using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansRecorder.Cameras.Rtp;

namespace OrleansRecorder.Cameras.Rtsp;

/// <summary>What a camera answers to DESCRIBE (SDP, RFC 4566).</summary>
internal static class SessionDescription
{
    /// <param name="camera">The camera.</param>
    /// <param name="tracks">What it sends.</param>
    /// <param name="address">Its own.</param>
    /// <param name="baseUrl">The address that the client asked for, without its query.</param>
    public static string Of(CameraOptions camera, IReadOnlyList<RtpTrack> tracks, IPAddress address, string baseUrl)
    {
        var quirks = camera.Quirks.Description;
        var sdp = new StringBuilder();
        var isIp6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        if (!quirks.BeginsWithMedia)
        {
            Line("v=0");
            Line($"o={quirks.Origin ?? $"- {camera.Number} 1 IN {(isIp6 ? "IP6" : "IP4")} {address}"}");
            Line($"s=Camera {camera.Number}");
            Line($"c={quirks.Connection ?? (isIp6 ? "IN IP6 ::" : "IN IP4 0.0.0.0")}");
            Line("t=0 0");
            Line($"a=control:{(quirks.HasAbsoluteControls ? baseUrl + "/" : "*")}");
            Line("a=range:npt=0-");
        }

        for (var i = 0; i < tracks.Count; i++)
        {
            var track = tracks[i];
            Line($"m={track.Media} 0 RTP/AVP {track.PayloadType}");
            Line($"a=rtpmap:{track.PayloadType} {track.RtpMap}");
            if (track.FormatParameters is { } parameters) Line($"a=fmtp:{track.PayloadType} {parameters}");
            if (track.FrameRate is { } rate) Line($"a=framerate:{rate}");
            Line($"a=control:{TrackAddress.Control(camera, i, baseUrl)}");
        }

        foreach (var line in quirks.ExtraMedia) Line(line);
        return sdp.ToString();

        void Line(string text) => sdp.Append(text).Append("\r\n");
    }
}
