using System.Net;
using OrleansRecorder.Configuration;
using OrleansRecorder.Hosting;

namespace OrleansRecorder.Settings;

/// <summary>What <c>recorder silo</c> is told.</summary>
internal sealed record SiloSettings
{
    /// <summary>The farm.</summary>
    public required FarmSettings Farm { get; init; }

    /// <summary>The node's name.</summary>
    public required string NodeName { get; init; }

    /// <summary>The archive's name.</summary>
    public required string Archive { get; init; }

    /// <summary>Where relative output directories start, absolute.</summary>
    public required string Directory { get; init; }

    /// <summary>The most captures at once; null: by the machine.</summary>
    public required int? Capacity { get; init; }

    /// <summary>Captures that end by themselves within this finish when the node drains.</summary>
    public required TimeSpan GracePeriod { get; init; }

    /// <summary>How long the captures may take to end when the process is told to: what is left of its limit goes into leaving the farm.</summary>
    public TimeSpan DrainLimit => Farm.ShutdownLimit - (Farm.ShutdownLimit > TimeSpan.FromSeconds(10) ? TimeSpan.FromSeconds(5) : Farm.ShutdownLimit / 2);

    /// <summary>What the others are told; null: this machine's first suitable address.</summary>
    public required string? Address { get; init; }

    /// <summary>For silos.</summary>
    public required int SiloPort { get; init; }

    /// <summary>For clients.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>Listen on every address.</summary>
    public required bool ListenOnAll { get; init; }

    /// <summary>Where health is told.</summary>
    public required IPEndPoint Health { get; init; }

    /// <summary>The configuration file, absolute.</summary>
    public required string ConfigPath { get; init; }

    /// <summary>What the configuration is checked against.</summary>
    public required ConfigRules Rules { get; init; }

    /// <summary>Takes them from what was read. Throws <see cref="StartupException"/>.</summary>
    public static SiloSettings From(HostSettings settings)
    {
        var name = settings.Text("Node:Name") ?? Environment.MachineName;
        var farm = FarmSettings.From(settings, $"recorder silo {name}");
        return new SiloSettings
        {
            Farm = farm,
            NodeName = name,
            Archive = settings.Text("Node:Archive") ?? name,
            Directory = Path.GetFullPath(settings.Text("Node:Directory") ?? "."),
            Capacity = settings.Text("Node:Capacity") is null ? null : settings.Whole("Node:Capacity", 0),
            GracePeriod = settings.Seconds("Node:GracePeriodSeconds", 5),
            Address = settings.Text("Silo:Address") ?? (farm.Secret is null ? "127.0.0.1" : null),
            SiloPort = settings.Whole("Silo:Port", 11111),
            GatewayPort = settings.Whole("Silo:GatewayPort", 30000),
            ListenOnAll = settings.Flag("Silo:ListenOnAll", false),
            Health = new IPEndPoint(settings.Listen("Health:Listen", IPAddress.Loopback), settings.Whole("Health:Port", 8081)),
            ConfigPath = Path.GetFullPath(settings.Text("Config:File") ?? "config.json"),
            Rules = ConfigCheck.RulesWith((settings.Text("Config:AllowSchemes") ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)),
        };
    }
}
