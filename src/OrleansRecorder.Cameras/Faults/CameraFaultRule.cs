using System.Globalization;

namespace OrleansRecorder.Cameras;

/// <summary>A fault and the cameras that have it, as the command line says it: <c>stall:8</c> (all), <c>3=stall:8</c>, <c>5-9=404</c>.</summary>
/// <param name="First">The first camera's number.</param>
/// <param name="Last">The last camera's number.</param>
/// <param name="Fault">What is wrong with them.</param>
public sealed record CameraFaultRule(int First, int Last, CameraFault Fault)
{
    /// <summary>Whether the rule is about this camera.</summary>
    public bool AppliesTo(int number) => number >= First && number <= Last;

    /// <summary>Reads a rule; otherwise says what is wrong with it.</summary>
    public static bool TryParse(string text, out CameraFaultRule rule, out string error)
    {
        rule = null!;
        var (first, last) = (1, (int)ushort.MaxValue);
        var equals = text.IndexOf('=');
        if (equals >= 0 && !TryParseRange(text.AsSpan(0, equals), out first, out last))
        {
            error = $"'{text[..equals]}' is no camera number (1 to 65535) and no range such as 5-9";
            return false;
        }

        if (!CameraFault.TryParse(text[(equals + 1)..], out var fault, out error)) return false;
        rule = new CameraFaultRule(first, last, fault);
        return true;
    }

    private static bool TryParseRange(ReadOnlySpan<char> text, out int first, out int last)
    {
        var dash = text.IndexOf('-');
        var isFirst = TryParseNumber(dash < 0 ? text : text[..dash], out first);
        var isLast = TryParseNumber(text[(dash + 1)..], out last);
        return isFirst && isLast && first <= last;
    }

    private static bool TryParseNumber(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out number) && number is >= 1 and <= ushort.MaxValue;
}
