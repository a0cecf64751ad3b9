using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansRecorder.Cameras.Rtp;

namespace OrleansRecorder.Cameras.Rtsp;

/// <summary>What a camera answers to DESCRIBE (SDP, RFC 4566).</summary>
internal static class SessionDescription
{
    public static string Of(CameraOptions camera, IReadOnlyList<RtpTrack> tracks, IPAddress address)
    {
        var sdp = new StringBuilder();
        var isIp6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        Line("v=0");
        Line($"o=- {camera.Number} 1 IN {(isIp6 ? "IP6" : "IP4")} {address}");
        Line($"s=Camera {camera.Number}");
        Line(isIp6 ? "c=IN IP6 ::" : "c=IN IP4 0.0.0.0");
        Line("t=0 0");
        Line("a=control:*");
        Line("a=range:npt=0-");
        for (var i = 0; i < tracks.Count; i++)
        {
            var track = tracks[i];
            Line($"m={track.Media} 0 RTP/AVP {track.PayloadType}");
            Line($"a=rtpmap:{track.PayloadType} {track.RtpMap}");
            if (track.FormatParameters is { } parameters) Line($"a=fmtp:{track.PayloadType} {parameters}");
            if (track.FrameRate is { } rate) Line($"a=framerate:{rate}");
            Line($"a=control:track{i + 1}");
        }

        return sdp.ToString();

        void Line(string text) => sdp.Append(text).Append("\r\n");
    }
}
