using System.Globalization;

namespace OrleansRecorder.Media.Rtsp.Messages;

/// <summary>A Session header (RFC 2326, 12.37).</summary>
/// <param name="Id">What goes back to the server: never with a parameter, which strict ones do not recognise.</param>
/// <param name="Timeout">After how much silence of ours the server ends the session; null when this header does not say.</param>
internal readonly record struct SessionHeader(string Id, TimeSpan? Timeout)
{
    private const int MaxId = 1 << 10;

    /// <summary>Reads one; null when there is no id.</summary>
    public static SessionHeader? Read(string? header)
    {
        if (header is null) return null;
        var parts = header.Split(';', StringSplitOptions.TrimEntries);
        if (parts[0].Length is 0 or > MaxId) return null;
        TimeSpan? timeout = null;
        foreach (var part in parts.AsSpan(1))
        {
            var pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair.Length == 2 && pair[0].Equals("timeout", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0)
            {
                timeout = TimeSpan.FromSeconds(seconds);
            }
        }

        return new SessionHeader(parts[0], timeout);
    }
}
