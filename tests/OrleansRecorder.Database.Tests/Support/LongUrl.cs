using System.Globalization;

namespace OrleansRecorder.Database.Tests;

/// <summary>Camera URLs of the greatest length that a configuration may have, such that no compression makes them fit into an index.</summary>
public static class LongUrl
{
    private const int Longest = 4096;

    /// <summary>A URL that ends in that character.</summary>
    public static string Of(char last)
    {
        var random = new Random(1);
        var noise = string.Concat(Enumerable.Range(0, Longest).Select(_ => random.Next(36) is var digit && digit < 10 ? digit.ToString(CultureInfo.InvariantCulture) : $"{(char)('a' + digit - 10)}"));
        return $"rtsp://10.0.0.1/{noise}"[..(Longest - 1)] + last;
    }
}
