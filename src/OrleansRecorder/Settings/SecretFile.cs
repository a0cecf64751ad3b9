namespace OrleansRecorder.Settings;

/// <summary>Takes secrets from the files that settings name, as container platforms hand them out.</summary>
internal static class SecretFile
{
    private const string Suffix = "File";
    private const int MaxBytes = 64 << 10;

    /// <summary>Puts the first line of each <c>…File</c> into the setting that it stands for; tells what is wrong.</summary>
    public static IEnumerable<LocalizedText> Resolve(Dictionary<string, string> values)
    {
        foreach (var secret in HostSettingsTable.All.Where(setting => setting.Kind is SecretKind))
        {
            if (!values.TryGetValue(secret.Key + Suffix, out var path)) continue;
            if (values.ContainsKey(secret.Key))
            {
                yield return new LocalizedText($"{secret.Key} 和 {secret.Key}{Suffix} 只能给出一个", $"give {secret.Key} or {secret.Key}{Suffix}, not both");
                continue;
            }

            var (value, problem) = Read(path);
            problem ??= secret.Kind.Problem(value);
            if (problem is null) values[secret.Key] = value;
            else yield return new LocalizedText($"{secret.Key}{Suffix} {path}: {problem.Chinese}", $"{secret.Key}{Suffix} {path}: {problem.English}");
        }
    }

    private static (string Value, LocalizedText? Problem) Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes) return ("", new LocalizedText("文件太大", "the file is too large"));
            using var reader = new StreamReader(path);
            return (reader.ReadLine() ?? "", null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ("", new LocalizedText($"无法读取: {e.Message}", $"cannot be read: {e.Message}"));
        }
    }
}
