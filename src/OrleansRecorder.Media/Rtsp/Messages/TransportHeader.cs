using System.Globalization;
using System.Net;

namespace OrleansRecorder.Media.Rtsp.Messages;

/// <summary>A Transport header (RFC 2326, 12.39) as servers write it: parameters in any order, with blanks, some of them nonsense.</summary>
internal static class TransportHeader
{
    /// <summary>Asks for packets inside the RTSP connection.</summary>
    public static string Interleaved(int channel) => string.Create(CultureInfo.InvariantCulture, $"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}");

    /// <summary>Asks for packets to these ports.</summary>
    public static string Udp((int Rtp, int Rtcp) ports) => string.Create(CultureInfo.InvariantCulture, $"RTP/AVP;unicast;client_port={ports.Rtp}-{ports.Rtcp}");

    /// <summary>What the server chose.</summary>
    /// <param name="header">The header of its reply, or null when it sent none: then it is as was asked for.</param>
    /// <param name="isInterleaved">What was asked for.</param>
    /// <param name="channel">The channel that was asked for.</param>
    public static TrackTransport Read(string? header, bool isInterleaved, int channel)
    {
        // Several alternatives can be listed; a server that answers with a list means its first.
        var parts = (header ?? "").Split(',')[0].Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string? Parameter(string name) => parts.Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries))
            .FirstOrDefault(pair => pair.Length == 2 && pair[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1].Trim('"');

        var channels = Pair(Parameter("interleaved"), byte.MaxValue);
        var ssrc = uint.TryParse(Parameter("ssrc"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : (uint?)null;
        var profile = parts.Length > 0 ? parts[0] : "";
        var saysTcp = profile.EndsWith("/TCP", StringComparison.OrdinalIgnoreCase);
        var saysUdp = profile.EndsWith("/UDP", StringComparison.OrdinalIgnoreCase) || Parameter("server_port") is not null || Parameter("client_port") is not null
            || parts.Contains("multicast", StringComparer.OrdinalIgnoreCase);
        if (channels is not null || saysTcp || (isInterleaved && !saysUdp && !IsBareProfile(profile)))
        {
            var (rtp, rtcp) = channels ?? (channel, channel + 1);
            return new TrackTransport { IsInterleaved = true, RtpChannel = (byte)rtp, RtcpChannel = (byte)rtcp, Ssrc = ssrc };
        }

        return new TrackTransport
        {
            IsInterleaved = false,
            ServerPorts = Pair(Parameter("server_port"), ushort.MaxValue) is { Item1: > 1 } ports ? ports : Pair(Parameter("port"), ushort.MaxValue) is { Item1: > 1 } others ? others : null,
            Source = IPAddress.TryParse(Parameter("source"), out var source) && !source.Equals(IPAddress.Any) && !source.Equals(IPAddress.IPv6Any) ? source : null,
            Ssrc = ssrc,
        };
    }

    // RFC 2326: RTP/AVP alone means UDP.
    private static bool IsBareProfile(string profile) => profile.Equals("RTP/AVP", StringComparison.OrdinalIgnoreCase);

    // "4-5", or "4" for 4 and 5.
    private static (int First, int Second)? Pair(string? text, int max)
    {
        if (text is null) return null;
        var dash = text.IndexOf('-');
        if (!int.TryParse(dash < 0 ? text : text[..dash], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var first) || first > max) return null;
        if (dash >= 0 && int.TryParse(text.AsSpan(dash + 1), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var second) && second <= max) return (first, second);
        return (first, Math.Min(first + 1, max));
    }
}
