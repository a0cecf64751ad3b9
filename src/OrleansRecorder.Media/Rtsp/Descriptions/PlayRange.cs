using System.Globalization;

namespace OrleansRecorder.Media.Rtsp.Descriptions;

/// <summary>A range of time (RFC 2326, 3.5 to 3.7 and 12.29).</summary>
internal static class PlayRange
{
    private static readonly string[] ClockFormats = ["yyyyMMdd'T'HHmmss'Z'", "yyyyMMdd'T'HHmmss.FFFFFF'Z'", "yyyyMMdd'T'HHmmss"];

    /// <summary>Its length; null when it has no end, or none that can be read.</summary>
    public static TimeSpan? Length(string? text)
    {
        if (text is null) return null;
        var pair = text.Split(';')[0].Split('=', 2, StringSplitOptions.TrimEntries);
        if (pair.Length < 2) return null;
        var ends = pair[1].Split('-', 2, StringSplitOptions.TrimEntries);
        if (ends.Length < 2 || ends[1].Length == 0) return null;
        var length = pair[0].ToLowerInvariant() switch
        {
            "npt" => NormalTime(ends[1]) - (ends[0].Length == 0 ? TimeSpan.Zero : NormalTime(ends[0])),
            "clock" => Clock(ends[1]) - Clock(ends[0]),
            _ => null,
        };
        return length > TimeSpan.Zero ? length : null;
    }

    // 12.5 or 1:02:03.5
    private static TimeSpan? NormalTime(string text)
    {
        var seconds = 0.0;
        foreach (var part in text.Split(':'))
        {
            if (!double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) return null;
            seconds = (seconds * 60) + value;
        }

        return seconds < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static DateTime? Clock(string text) =>
        DateTime.TryParseExact(text, ClockFormats, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
