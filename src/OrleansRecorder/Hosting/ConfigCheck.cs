using OrleansRecorder.Configuration;

namespace OrleansRecorder.Hosting;

/// <summary>Reads a configuration for a person: all its problems at once, as a <see cref="StartupException"/>.</summary>
internal static class ConfigCheck
{
    /// <summary>The default rules, with more schemes allowed.</summary>
    public static ConfigRules RulesWith(IEnumerable<string> schemes) =>
        ConfigRules.Default with { AllowedSchemes = [.. ConfigRules.Default.AllowedSchemes.Union(schemes.Select(s => s.ToLowerInvariant()))] };

    public static ConfigDocument Load(string path, ConfigRules rules)
    {
        var loaded = new ConfigFile(path, rules).Load();
        if (loaded.Document is { } document) return document;
        throw new StartupException(
            $"配置文件 {string.Join("; ", loaded.Problems.Select(p => p.Chinese))}",
            $"configuration {string.Join("; ", loaded.Problems.Select(p => p.English))}");
    }
}
