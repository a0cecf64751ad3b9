using System.CommandLine;
using OrleansRecorder.Settings;

namespace OrleansRecorder.Commands;

/// <summary>The command line of a role that is told by host settings: <c>--settings FILE</c>, and an option for each setting that is no secret.</summary>
internal sealed class SettingsOptions
{
    private readonly Roles _role;
    private readonly Option<string?> _file = new("--settings") { Description = "A JSON file with settings; the environment (RECORDER_Section__Name) and options win over it." };
    private readonly (HostSetting Setting, Option<string?> Option)[] _options;

    private SettingsOptions(Roles role)
    {
        _role = role;
        _options = [.. HostSettingsTable.Of(role).Where(s => s.Option is not null).Select(s => (s, new Option<string?>(s.Option!) { Description = $"{s.Meaning} Default: {s.Default}." }))];
    }

    /// <summary>Adds the options to a command.</summary>
    public static SettingsOptions AddTo(Command command, Roles role)
    {
        var options = new SettingsOptions(role);
        command.Add(options._file);
        foreach (var (_, option) in options._options) command.Add(option);
        return options;
    }

    /// <summary>Reads all sources. Throws <see cref="Hosting.StartupException"/>.</summary>
    public HostSettings Read(ParseResult parsed)
    {
        var given = _options.Select(o => (o.Setting, Value: parsed.GetValue(o.Option))).Where(o => o.Value is not null).Select(o => (o.Setting, o.Value!));
        var settings = HostSettings.Read(_role, parsed.GetValue(_file), given, Environment.GetEnvironmentVariables());
        foreach (var warning in settings.Warnings) Console.Error.WriteLine($"recorder: {warning.Chinese}\nrecorder: {warning.English}");
        return settings;
    }
}
