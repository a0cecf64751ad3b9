using System.Globalization;

namespace OrleansRecorder.Cycles;

/// <summary>The names of a task's files: <c>name.mp4</c>, <c>name.part2.mp4</c>, <c>name.part3.mp4</c>…</summary>
internal static class PartName
{
    /// <summary>Which part of a task a file is, from 1; null when it is none.</summary>
    public static int? NumberOf(string filename, string outputFilename)
    {
        if (filename == outputFilename) return 1;
        var extension = Path.GetExtension(outputFilename);
        var prefix = outputFilename[..^extension.Length] + ".part";
        if (!filename.StartsWith(prefix, StringComparison.Ordinal) || !filename.EndsWith(extension, StringComparison.Ordinal)) return null;
        if (filename.Length <= prefix.Length + extension.Length) return null;
        return int.TryParse(filename.AsSpan(prefix.Length..^extension.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
