using System.Text;
using System.Text.RegularExpressions;

namespace OrleansRecorder.Configuration;

/// <summary>What the files and the directory of a configuration may be called.</summary>
internal static partial class FileNames
{
    private const int MostBytes = 200;
    private const int MostPathBytes = 4000;

    /// <summary>Each cycle gets these beside the configured report.</summary>
    private static readonly string[] ReservedReports = ["report.txt", "streams.csv"];

    public static LocalizedText? CheckRecording(string name)
    {
        if (CheckBare(name) is { } problem) return problem;
        return name.EndsWith(".mp4", StringComparison.Ordinal) && name.Length > 4 ? null : new("必须以 .mp4 结尾", "must end in .mp4");
    }

    public static LocalizedText? CheckReport(string name)
    {
        if (CheckBare(name) is { } problem) return problem;
        if (name.EndsWith(".mp4", StringComparison.OrdinalIgnoreCase)) return new("不能以 .mp4 结尾", "must not end in .mp4");
        return ReservedReports.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? new($"不能是 {name}, 该文件名已被另一份报告使用", $"must not be {name}, which another report is called")
            : null;
    }

    public static LocalizedText? CheckDirectory(string path)
    {
        if (string.IsNullOrWhiteSpace(path)) return new("不能为空", "must not be empty");
        if (path.Any(char.IsControl)) return new("不能包含换行等控制字符", "must not hold line breaks or other control characters");
        return Encoding.UTF8.GetByteCount(path) > MostPathBytes ? new($"不能超过 {MostPathBytes} 字节", $"must not be longer than {MostPathBytes} bytes") : null;
    }

    /// <summary>
    /// The part files of <c>a.mp4</c> are called <c>a.part2.mp4</c> and so on; a name like that gives <c>a.mp4</c>, any other null.
    /// </summary>
    public static string? WholeOfPart(string name) => PartName().Match(name) is { Success: true } match ? match.Groups[1].Value + ".mp4" : null;

    private static LocalizedText? CheckBare(string name)
    {
        if (string.IsNullOrWhiteSpace(name)) return new("不能为空", "must not be empty");
        if (name.AsSpan().IndexOfAny('/', '\\') >= 0) return new("必须是文件名, 不能包含路径", "must be a bare file name, without a path");
        if (name.StartsWith('.')) return new("不能以 . 开头", "must not begin with a dot");
        if (name.Any(char.IsControl)) return new("不能包含控制字符", "must not hold control characters");
        if (char.IsWhiteSpace(name[0]) || char.IsWhiteSpace(name[^1])) return new("首尾不能有空格", "must not begin or end with a blank");
        return Encoding.UTF8.GetByteCount(name) > MostBytes ? new($"不能超过 {MostBytes} 字节", $"must not be longer than {MostBytes} bytes") : null;
    }

    [GeneratedRegex(@"^(.+)\.part[0-9]+\.mp4$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PartName();
}
