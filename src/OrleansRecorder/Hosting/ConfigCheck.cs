using OrleansRecorder.Configuration;

namespace OrleansRecorder.Hosting;

/// <summary>Reads a configuration for a person: all its problems at once, as a <see cref="StartupException"/>.</summary>
internal static class ConfigCheck
{
    public static ConfigDocument Load(string path)
    {
        var loaded = new ConfigFile(path).Load();
        if (loaded.Document is { } document) return document;
        throw new StartupException(
            $"配置文件 {path}: {string.Join("; ", loaded.Problems.Select(p => p.Chinese))}",
            $"configuration {path}: {string.Join("; ", loaded.Problems.Select(p => p.English))}");
    }
}
