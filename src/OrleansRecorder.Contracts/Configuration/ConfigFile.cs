using System.Text;

namespace OrleansRecorder.Configuration;

/// <summary>
/// The configuration on disk. Reading and writing never throw for what a user or a file system can do wrong: the outcome says it, with the
/// file's name, and with line and column where there are some.
/// </summary>
/// <param name="path">The file as the user wrote it; its directory is the configuration directory, which no other path may leave.</param>
/// <param name="rules">What the host allows.</param>
public sealed class ConfigFile(string path, ConfigRules? rules = null)
{
    private const int DeviceBusy = 16;

    private readonly string _fullPath = Path.GetFullPath(path);

    /// <summary>Reads and checks the file. <see cref="ConfigResult.FileNotFound"/> when there is none.</summary>
    public ConfigEdit Load()
    {
        ConfigEdit edit;
        try
        {
            edit = Read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            edit = Refusal(e, _fullPath, new("读取", "read"));
        }

        return edit with { FilePath = path, Problems = [.. edit.Problems.Select(p => new LocalizedText($"{path}: {p.Chinese}", $"{path}: {p.English}"))] };
    }

    /// <summary>
    /// Writes a document: aside, then renamed, readable for the owner only, since addresses hold passwords. Another file than the configured one must
    /// be in the configuration directory (<see cref="ConfigResult.Forbidden"/> otherwise), end in .json, and not be something other than a configuration.
    /// </summary>
    /// <param name="document">What to write.</param>
    /// <param name="otherPath">Relative to the configuration directory, or absolute; null or empty for the configured file.</param>
    public ConfigEdit Save(ConfigDocument document, string? otherPath = null)
    {
        var shown = string.IsNullOrEmpty(otherPath) ? path : otherPath;
        var target = _fullPath;
        ConfigEdit edit;
        try
        {
            edit = shown == path ? ConfigEdit.Done(document) : CheckOther(document, shown, out target);
            if (edit.IsDone) AtomicFile.Write(RealPath.Of(target), Encoding.UTF8.GetBytes(document.Text));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            edit = Refusal(e, target, new("写入", "write"));
        }

        return edit with { FilePath = shown, Problems = [.. edit.Problems.Select(p => new LocalizedText($"{shown}: {p.Chinese}", $"{shown}: {p.English}"))] };
    }

    /// <summary>Copies the file as it is, sound or not, to another name in its directory; null when that is done, else why not.</summary>
    /// <param name="name">A bare name; a file of that name is replaced.</param>
    public LocalizedText? CopyAside(string name)
    {
        try
        {
            var file = RealPath.Of(_fullPath);
            AtomicFile.Write(Path.Combine(Path.GetDirectoryName(file)!, name), File.ReadAllBytes(file));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            var refusal = Refusal(e, _fullPath, new("读取", "read")).Problems[0];
            return new LocalizedText($"{path} 无法另存为 {name}: {refusal.Chinese}", $"{path} cannot be kept as {name}: {refusal.English}");
        }
    }

    private ConfigEdit Read()
    {
        var bytes = ReadStart(_fullPath, ConfigDocument.MostBytes + 1);
        if (bytes.Length > ConfigDocument.MostBytes) return ConfigEdit.Refused(ConfigResult.Invalid, new LocalizedText("文件超过 16 MB", "the file is larger than 16 MB"));

        var text = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(Encoding.UTF8.Preamble.Length) : bytes;
        return FirstInvalid(text) is var (line, column)
            ? ConfigEdit.Refused(ConfigResult.Invalid, new LocalizedText($"第 {line} 行第 {column} 列: 文件不是 UTF-8 编码", $"line {line}, column {column}: the file is not UTF-8"))
            : ConfigDocument.ParseFile(Encoding.UTF8.GetString(text), rules);
    }

    private static byte[] ReadStart(string file, int most)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[Math.Min(stream.Length + 1, most)];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    private static (int Line, int Column)? FirstInvalid(ReadOnlySpan<byte> text)
    {
        var (line, column) = (1, 1);
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(text, out var rune, out var length) != System.Buffers.OperationStatus.Done) return (line, column);
            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + 1);
            text = text[length..];
        }

        return null;
    }

    private ConfigEdit CheckOther(ConfigDocument document, string other, out string target)
    {
        target = _fullPath;
        if (other.Any(char.IsControl)) return ConfigEdit.Refused(ConfigResult.Invalid, new LocalizedText("file_path 不能包含控制字符", "file_path must not hold control characters"));
        if (!other.EndsWith(".json", StringComparison.Ordinal)) return ConfigEdit.Refused(ConfigResult.Invalid, new LocalizedText("file_path 必须以 .json 结尾", "file_path must end in .json"));

        var directory = RealPath.Of(Path.GetDirectoryName(_fullPath)!);
        target = RealPath.Of(Path.Combine(directory, other));
        if (target == RealPath.Of(_fullPath)) return ConfigEdit.Done(document);
        if (!RealPath.IsInside(target, directory)) return ConfigEdit.Refused(ConfigResult.Forbidden, new LocalizedText("file_path 不在配置目录内", "file_path is outside the configuration directory"));
        return File.Exists(target) && !HoldsConfiguration(target)
            ? ConfigEdit.Refused(ConfigResult.Forbidden, new LocalizedText("该文件已存在且不是配置文件, 不会覆盖", "the file exists and is not a configuration; it is not overwritten"))
            : ConfigEdit.Done(document);
    }

    // Also one that is broken elsewhere: saving over it may be how the user mends it.
    private static bool HoldsConfiguration(string file) => Encoding.UTF8.GetString(ReadStart(file, ConfigDocument.MostBytes)).Contains($"\"{ConfigFields.Global}\"", StringComparison.Ordinal);

    private static ConfigEdit Refusal(Exception e, string file, LocalizedText act) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => ConfigEdit.Refused(ConfigResult.FileNotFound, new LocalizedText("文件或目录不存在", "no such file or directory")),
        UnauthorizedAccessException when Directory.Exists(file) => ConfigEdit.Refused(ConfigResult.Failed, new LocalizedText("这是一个目录", "it is a directory")),
        UnauthorizedAccessException => ConfigEdit.Refused(ConfigResult.Failed, new LocalizedText($"没有{act.Chinese}权限", $"no permission to {act.English} it")),
        { HResult: DeviceBusy } => ConfigEdit.Refused(ConfigResult.Failed,
            new LocalizedText("文件被单独挂载, 无法替换; 请挂载其所在目录", "the file is a mount of its own and cannot be replaced; mount its directory instead")),
        _ => ConfigEdit.Refused(ConfigResult.Failed, new LocalizedText($"无法{act.Chinese}: {e.Message}", $"cannot {act.English} it: {e.Message}")),
    };
}
