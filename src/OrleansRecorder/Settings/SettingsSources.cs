using System.Collections;
using System.Text.Json;

namespace OrleansRecorder.Settings;

/// <summary>
/// Where settings come from: a JSON file, then the environment, then the command line; a later one wins. Collects every problem instead of
/// stopping at the first. The texts of secrets are in no problem.
/// </summary>
internal sealed class SettingsSources(Roles role)
{
    // Read by other parts of the program, or by the scripts around it.
    private static readonly string[] OtherVariables = ["RECORDER_FFMPEG_PATH", "RECORDER_BUILD"];

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<LocalizedText> _problems = [];

    /// <summary>All that is wrong so far.</summary>
    public IReadOnlyList<LocalizedText> Problems => _problems;

    /// <summary>By key.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>A settings file: objects are sections, or keys are written whole, <c>"Node:Name"</c>. A setting that nobody knows is a problem.</summary>
    public void AddFile(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path), Lenient);
            AddSection(path, "", document.RootElement);
        }
        catch (JsonException e)
        {
            // Its own message could quote a secret; line and column are enough.
            _problems.Add(new LocalizedText($"设置文件 {path} 第 {e.LineNumber + 1} 行不是有效的 JSON", $"settings file {path}: line {e.LineNumber + 1} is not valid JSON"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problems.Add(new LocalizedText($"无法读取设置文件 {path}: {e.Message}", $"the settings file {path} cannot be read: {e.Message}"));
        }
    }

    /// <summary>
    /// Environment variables. Ones that nobody knows are left alone, since the environment is everybody's; those that look like a misspelt
    /// setting are named in the result.
    /// </summary>
    public IReadOnlyList<LocalizedText> AddEnvironment(IDictionary variables)
    {
        var warnings = new List<LocalizedText>();
        foreach (DictionaryEntry variable in variables)
        {
            if (variable is not { Key: string name, Value: string value } || !name.StartsWith(HostSetting.EnvironmentPrefix, StringComparison.OrdinalIgnoreCase)) continue;
            if (OtherVariables.Contains(name)) continue;
            var key = name[HostSetting.EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal);
            if (key.Equals("Database", StringComparison.OrdinalIgnoreCase)) key = "Database:Connection";
            if (HostSettingsTable.Find(key) is { } setting) Take(setting, value, name);
            else if (SettingSpelling.Closest(key) is { } meant) warnings.Add(new LocalizedText($"环境变量 {name} 未知, 是否应为 {meant.Variable}?", $"the environment variable {name} is not known; did you mean {meant.Variable}?"));
        }

        return warnings;
    }

    /// <summary>One option of the command line.</summary>
    public void AddOption(HostSetting setting, string value)
    {
        if (setting.Key == "Database:Connection" && HoldsPassword(value))
        {
            _problems.Add(new LocalizedText(
                "命令行上不能写密码, 因为本机所有用户都能看到: 请使用 Database:PasswordFile 或环境变量 RECORDER_Database__Password",
                "no password on the command line, where every user of this machine can read it: use Database:PasswordFile, or RECORDER_Database__Password in the environment"));
            return;
        }

        Take(setting, value, setting.Option!);
    }

    private static bool HoldsPassword(string connection) => connection.Split(';').Any(part =>
        part.Split('=')[0].Trim() is var name && (name.Equals("Password", StringComparison.OrdinalIgnoreCase) || name.Equals("PWD", StringComparison.OrdinalIgnoreCase)
            || name.Equals("PSW", StringComparison.OrdinalIgnoreCase)));

    private void AddSection(string path, string prefix, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            _problems.Add(new LocalizedText($"设置文件 {path}: 最外层必须是对象", $"settings file {path}: the outermost value must be an object"));
            return;
        }

        foreach (var property in element.EnumerateObject())
        {
            var key = prefix + property.Name;
            if (property.Value.ValueKind == JsonValueKind.Object) AddSection(path, key + ":", property.Value);
            else AddValue(path, key, property.Value);
        }
    }

    private void AddValue(string path, string key, JsonElement value)
    {
        if (HostSettingsTable.Find(key) is not { } setting)
        {
            var meant = SettingSpelling.Closest(key)?.Key;
            _problems.Add(new LocalizedText(
                $"设置文件 {path}: 未知的设置 {key}{(meant is null ? "" : $", 是否应为 {meant}?")}",
                $"settings file {path}: there is no setting {key}{(meant is null ? "" : $"; did you mean {meant}?")}"));
        }
        else if (value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
        {
            Take(setting, value.ToString(), path);
        }
        else
        {
            _problems.Add(new LocalizedText($"设置文件 {path}: {key} 必须是文本, 数字或 true/false", $"settings file {path}: {key} must be a text, a number, true or false"));
        }
    }

    private void Take(HostSetting setting, string value, string source)
    {
        // One file serves silos and APIs alike: what belongs to the other role is known, but not ours.
        if (!setting.Roles.HasFlag(role)) return;
        if (setting.Kind.Problem(value) is { } problem)
        {
            var shown = setting.Kind is SecretKind || setting.Key == "Database:Connection" ? "" : $" \"{value}\"";
            _problems.Add(new LocalizedText($"{source}: {setting.Key}{shown} {problem.Chinese}", $"{source}: {setting.Key}{shown} {problem.English}"));
        }
        else
        {
            _values[setting.Key] = value;
        }
    }
}
