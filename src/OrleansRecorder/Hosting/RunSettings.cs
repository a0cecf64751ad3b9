using System.Net;
using OrleansRecorder.Configuration;

namespace OrleansRecorder.Hosting;

/// <summary>What `recorder run` was told on its command line.</summary>
internal sealed record RunSettings
{
    /// <summary>Takes the place of the configured <c>output_directory</c> when given.</summary>
    public string? OutputDirectory { get; init; }

    /// <summary>1 to 65535; default 8080.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>The address the API listens on; default every one of this machine.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Any;

    /// <summary>The configuration file; default <c>config.json</c> in the working directory.</summary>
    public string ConfigFile { get; init; } = "config.json";

    /// <summary>Where the scheduler's state lives; default <c>.recorder</c> beside the configuration file.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>Start the scheduler at once. Without it, it runs only if it ran when the process last ended.</summary>
    public bool StartScheduler { get; init; }

    /// <summary>This node's name in tasks, reports and on a farm.</summary>
    public string NodeName { get; init; } = Environment.MachineName;

    /// <summary>Schemes that <c>rtsp_url</c> may have beside rtsp and rtsps.</summary>
    public IReadOnlyList<string> AllowedSchemes { get; init; } = [];

    /// <summary>What the configuration is checked against.</summary>
    public ConfigRules Rules => ConfigCheck.RulesWith(AllowedSchemes);

    /// <summary>Log errors only, for a terminal that shows something else.</summary>
    public bool Quiet { get; init; }

    /// <summary>The absolute path of the configuration file.</summary>
    public string ConfigPath => Path.GetFullPath(ConfigFile);

    /// <summary>The absolute path of the state directory.</summary>
    public string StatePath => Path.GetFullPath(StateDirectory ?? Path.Combine(Path.GetDirectoryName(ConfigPath)!, ".recorder"));
}
