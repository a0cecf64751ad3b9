using System.Globalization;

namespace OrleansRecorder.Cameras.Rtsp;

/// <summary>One way to send media that a client offers in SETUP (RFC 2326 section 12.39).</summary>
/// <param name="IsTcp">Interleaved with the requests; otherwise UDP, unicast.</param>
/// <param name="First">The channel or client port of RTP; null when a TCP client leaves it to us.</param>
/// <param name="Second">The channel or client port of RTCP.</param>
internal sealed record TransportHeader(bool IsTcp, int? First, int? Second)
{
    /// <summary>The first offer that we can serve, or null.</summary>
    public static TransportHeader? Choose(string? header, TransportQuirks quirks) => (header ?? "").Split(',').Select(Parse)
        .FirstOrDefault(offer => offer is not null && !(offer.IsTcp ? quirks.RefusesTcp : quirks.RefusesUdp));

    private static TransportHeader? Parse(string offer)
    {
        var parts = offer.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || parts.Contains("multicast", StringComparer.OrdinalIgnoreCase)) return null;
        var isTcp = parts[0].Equals("RTP/AVP/TCP", StringComparison.OrdinalIgnoreCase);
        var isUdp = parts[0].Equals("RTP/AVP", StringComparison.OrdinalIgnoreCase) || parts[0].Equals("RTP/AVP/UDP", StringComparison.OrdinalIgnoreCase);
        var range = Range(parts, isTcp ? "interleaved=" : "client_port=", isTcp ? byte.MaxValue : ushort.MaxValue);
        if (isTcp) return new TransportHeader(true, range?.First, range?.Second);
        return isUdp && range is { First: > 0 } ports ? new TransportHeader(false, ports.First, ports.Second) : null;
    }

    private static (int First, int Second)? Range(string[] parts, string name, int most)
    {
        if (Array.Find(parts, p => p.StartsWith(name, StringComparison.OrdinalIgnoreCase)) is not { } part) return null;
        var numbers = part[name.Length..].Split('-');
        if (!TryParse(numbers[0], out var first)) return null;
        if (numbers.Length == 1) return first < most ? (first, first + 1) : null;
        return TryParse(numbers[1], out var second) ? (first, second) : null;

        bool TryParse(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most;
    }
}
