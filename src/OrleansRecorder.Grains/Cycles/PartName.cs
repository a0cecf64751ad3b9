using System.Globalization;

namespace OrleansRecorder.Cycles;

/// <summary>The names of a task's files: <c>name.mp4</c>, <c>name.part2.mp4</c>, <c>name.part3.mp4</c>…</summary>
internal static class PartName
{
    private const string Extension = ".mp4";

    /// <summary>Which part of a task a file is, from 1; null when it is none.</summary>
    public static int? NumberOf(string filename, string outputFilename)
    {
        if (filename == outputFilename) return 1;
        var prefix = Path.GetFileNameWithoutExtension(outputFilename) + ".part";
        if (!filename.StartsWith(prefix, StringComparison.Ordinal) || !filename.EndsWith(Extension, StringComparison.Ordinal)) return null;
        if (filename.Length <= prefix.Length + Extension.Length) return null;
        return int.TryParse(filename.AsSpan(prefix.Length..^Extension.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
