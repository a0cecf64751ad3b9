using System.Globalization;
using System.Text;

namespace OrleansRecorder.Archive.Names;

/// <summary>The names of recordings: <c>name.mp4</c>, <c>name.part2.mp4</c>, and <c>.name.mp4.recording</c> while one is written.</summary>
public static class RecordingName
{
    private const string Extension = ".mp4";
    private const string UnfinishedSuffix = ".recording";
    private const string PartMarker = ".part";

    /// <summary>The longest name that Linux file systems take, in UTF-8 bytes.</summary>
    internal const int MaxBytes = 255;

    /// <summary>Whether this can be a finished recording.</summary>
    public static bool IsFinished(string name) => IsBare(name) && !IsHidden(name) && name.Length > Extension.Length && name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether this is a recording that is being written, or was when its writer died.</summary>
    public static bool IsUnfinished(string name) =>
        IsHidden(name) && name.Length > UnfinishedSuffix.Length + 1 && name.EndsWith(UnfinishedSuffix, StringComparison.Ordinal) && IsFinished(Finished(name));

    /// <summary><c>.name.mp4.recording</c> of <c>name.mp4</c>.</summary>
    public static string Unfinished(string finished) => $".{finished}{UnfinishedSuffix}";

    /// <summary><c>name.mp4</c> of <c>.name.mp4.recording</c>.</summary>
    public static string Finished(string unfinished) => unfinished[1..^UnfinishedSuffix.Length];

    /// <summary>The name of a part, from 1: <c>name.mp4</c>, then <c>name.part2.mp4</c> and so on.</summary>
    public static string OfPart(string outputFilename, int part) =>
        part == 1 ? outputFilename : $"{outputFilename[..^Extension.Length]}{PartMarker}{part}{outputFilename[^Extension.Length..]}";

    /// <summary>The name to try when <paramref name="finished"/> is taken: <c>name.part2.mp4</c> after <c>name.mp4</c>, then <c>name.part3.mp4</c>.</summary>
    public static string NextPart(string finished)
    {
        var stem = finished[..^Extension.Length];
        var marker = stem.LastIndexOf(PartMarker, StringComparison.Ordinal);
        var isPart = int.TryParse(marker < 0 ? "" : stem.AsSpan(marker + PartMarker.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var part) && part is >= 2 and < int.MaxValue;
        return isPart ? $"{stem[..marker]}{PartMarker}{part + 1}{finished[^Extension.Length..]}" : OfPart(finished, 2);
    }

    /// <summary>Whether this is one component of a path that the archive would ever have made or shown: no other encoding, nothing that a client could not send back.</summary>
    public static bool IsBare(string name) =>
        name is not ("" or "." or "..") && !name.Any(c => c is '/' or '\\' || char.IsControl(c)) && name.EnumerateRunes().All(r => r != Rune.ReplacementChar)
        && Encoding.UTF8.GetByteCount(name) <= MaxBytes;

    /// <summary>Whether the name begins with a dot.</summary>
    public static bool IsHidden(string name) => name.StartsWith('.');
}
