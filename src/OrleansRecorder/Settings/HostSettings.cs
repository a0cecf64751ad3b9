using System.Globalization;
using System.Net;
using OrleansRecorder.Hosting;

namespace OrleansRecorder.Settings;

/// <summary>The settings of one process: read, checked, secrets taken from their files.</summary>
internal sealed class HostSettings
{
    private readonly IReadOnlyDictionary<string, string> _values;

    private HostSettings(IReadOnlyDictionary<string, string> values, IReadOnlyList<LocalizedText> warnings)
    {
        _values = values;
        Warnings = warnings;
    }

    /// <summary>What looks wrong, but stops nobody.</summary>
    public IReadOnlyList<LocalizedText> Warnings { get; }

    /// <summary>Reads them from all sources. Throws <see cref="StartupException"/> with every problem at once.</summary>
    /// <param name="role">Whose.</param>
    /// <param name="file">The settings file, or null.</param>
    /// <param name="options">What the command line gives.</param>
    /// <param name="variables">The environment.</param>
    public static HostSettings Read(Roles role, string? file, IEnumerable<(HostSetting Setting, string Value)> options, System.Collections.IDictionary variables)
    {
        var sources = new SettingsSources(role);
        if (file is not null) sources.AddFile(file);
        var warnings = sources.AddEnvironment(variables);
        foreach (var (setting, value) in options) sources.AddOption(setting, value);

        var values = new Dictionary<string, string>(sources.Values, StringComparer.OrdinalIgnoreCase);
        var problems = sources.Problems.Concat(SecretFile.Resolve(values)).ToArray();
        if (problems.Length > 0) throw new StartupException(string.Join("; ", problems.Select(p => p.Chinese)), string.Join("; ", problems.Select(p => p.English)));
        return new HostSettings(values, warnings);
    }

    /// <summary>The text of a setting, or null when it is not given.</summary>
    public string? Text(string key) => _values.GetValueOrDefault(Known(key));

    /// <summary>The text of a setting that must be given.</summary>
    public string Required(string key) => Text(key) ?? throw new StartupException(
        $"缺少设置 {key}: 请在设置文件, 环境变量 {HostSettingsTable.Find(key)!.Variable} 或选项 {HostSettingsTable.Find(key)!.Option} 中给出",
        $"the setting {key} is missing: give it in the settings file, in the environment as {HostSettingsTable.Find(key)!.Variable}, or with {HostSettingsTable.Find(key)!.Option}");

    /// <summary>A whole number, or the default.</summary>
    public int Whole(string key, int otherwise) => Text(key) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>A time, or the default in seconds.</summary>
    public TimeSpan Seconds(string key, double otherwise) => TimeSpan.FromSeconds(Text(key) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise);

    /// <summary>Yes or no, or the default.</summary>
    public bool Flag(string key, bool otherwise) => Text(key) is { } text ? bool.Parse(text) : otherwise;

    /// <summary>An address to listen on, or the default.</summary>
    public IPAddress Listen(string key, IPAddress otherwise) => Text(key) switch
    {
        null => otherwise,
        "*" => IPAddress.Any,
        "localhost" => IPAddress.Loopback,
        var text => IPAddress.Parse(text),
    };

    private static string Known(string key) => HostSettingsTable.Find(key)?.Key ?? throw new ArgumentException($"{key} is not in the table of settings", nameof(key));
}
