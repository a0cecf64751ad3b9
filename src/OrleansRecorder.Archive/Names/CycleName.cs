using System.Globalization;

namespace OrleansRecorder.Archive.Names;

/// <summary>The names of cycle directories, <c>yyyyMMdd_HHmmss</c>: a local time, without zone, as the user reads it.</summary>
public static class CycleName
{
    private const string Format = "yyyyMMdd_HHmmss";

    /// <summary>Whether this is the name of a cycle directory; others in the output directory are none of the archive's business.</summary>
    public static bool IsValid(string name) => TryParse(name, out _);

    /// <summary>The name for a cycle that starts at this local time.</summary>
    public static string Of(DateTime localTime) => localTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>The name one second later; null after the last one of the calendar.</summary>
    public static string? Next(string name) =>
        TryParse(name, out var time) && time < DateTime.MaxValue.AddSeconds(-1) ? Of(time.AddSeconds(1)) : null;

    private static bool TryParse(string name, out DateTime time)
    {
        time = default;
        return name.Length == Format.Length && name.All(c => char.IsAsciiDigit(c) || c == '_')
            && DateTime.TryParseExact(name, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }
}
