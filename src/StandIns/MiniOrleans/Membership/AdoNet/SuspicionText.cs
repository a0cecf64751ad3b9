using System.Globalization;

namespace Orleans.Runtime;

/// <summary>Who suspects a silo, as one column holds it: <c>10.1.2.3:11111@123456,2026-11-22 16:30:00.123 GMT|…</c>.</summary>
internal static class SuspicionText
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss.fff 'GMT'";

    public static string? Write(IReadOnlyCollection<Tuple<SiloAddress, DateTime>>? suspicions) => suspicions is null or { Count: 0 }
        ? null
        : string.Join('|', suspicions.Select(each => $"{each.Item1.ToParsableString()},{each.Item2.ToUniversalTime().ToString(TimeFormat, CultureInfo.InvariantCulture)}"));

    /// <exception cref="FormatException">Somebody else wrote it, in another form.</exception>
    public static List<Tuple<SiloAddress, DateTime>>? Read(string? text) => string.IsNullOrEmpty(text) ? null : [.. text.Split('|').Select(ReadOne)];

    private static Tuple<SiloAddress, DateTime> ReadOne(string text)
    {
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0) throw new FormatException($"\"{text}\" is not a suspicion of the form address:port@generation,time.");
        var time = DateTime.ParseExact(text[(comma + 1)..], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
        return Tuple.Create(SiloAddress.FromParsableString(text[..comma]), time);
    }
}
