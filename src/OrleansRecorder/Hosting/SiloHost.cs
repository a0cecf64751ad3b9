using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;
using OrleansRecorder.Archive;
using OrleansRecorder.Configuration;
using OrleansRecorder.Nodes;
using OrleansRecorder.Settings;

namespace OrleansRecorder.Hosting;

/// <summary>The role <c>silo</c>: a recording node of a farm.</summary>
internal sealed partial class SiloHost : IAsyncDisposable
{
    private readonly SiloSettings _settings;
    private readonly NodeNameCheck _name;
    private readonly HealthServer _health;
    private readonly IHost _host;

    private SiloHost(SiloSettings settings, NodeNameCheck name, HealthServer health, IHost host)
    {
        _settings = settings;
        _name = name;
        _health = health;
        _host = host;
    }

    /// <summary>Checks what a start needs, joins the farm, and is ready. Throws <see cref="StartupException"/> for what the user can mend; nothing has been changed then.</summary>
    /// <param name="settings">What the silo was told.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="services">Puts other services in the place of the silo's own; measurements take another capture engine.</param>
    public static async Task<SiloHost> Start(SiloSettings settings, TimeProvider time, CancellationToken stop, Action<IServiceCollection>? services = null)
    {
        Surroundings.CheckLibraries();
        var document = File.Exists(settings.ConfigPath) ? ConfigCheck.Load(settings.ConfigPath, settings.Rules) : null;
        var address = await LocalAddress.Resolve(settings.Address, stop);
        CheckPorts(settings, address);

        IHost? host = null;
        var health = await HealthServer.Start(settings.Health, () => IsReady(host));
        try
        {
            await new DatabaseCheck(settings.Farm, time).Check(stop);
            var name = new NodeNameCheck(settings, address, time);
            await name.Check(stop);
            await Surroundings.CheckOutput(document?.Config.Global.OutputDirectory ?? ".", settings.Directory);

            host = Build(settings, address, services);
            await Join(host, settings.Farm, stop);
            LogStarted(Log(host), HostParts.Engine, settings.NodeName, address, settings.SiloPort, settings.GatewayPort, settings.Farm.DatabaseName);
            return new SiloHost(settings, name, health, host);
        }
        catch
        {
            host?.Dispose();
            await health.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for SIGTERM, Ctrl+C or <paramref name="stop"/>. Throws <see cref="StartupException"/> when another node has this one's name.</summary>
    public async Task WaitForShutdown(CancellationToken stop)
    {
        await _host.Services.GetRequiredService<IHostApplicationLifetime>().WaitForShutdown(stop);
        if (_host.Services.GetRequiredService<NamesakeWatch>().Rival is { } rival) throw _name.Taken(rival.ToString());
    }

    /// <summary>Drains, leaves the farm, and ends, within the limit.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(_settings.Farm.ShutdownLimit);
        await _host.StopAsync(limit.Token);
        LogEnded(Log(_host), _settings.NodeName);
        _host.Dispose();
        await _health.DisposeAsync();
    }

    private static void CheckPorts(SiloSettings settings, IPAddress address)
    {
        var listen = settings.ListenOnAll ? IPAddress.Any : address;
        Surroundings.CheckPort("Silo:Port", new IPEndPoint(listen, settings.SiloPort));
        Surroundings.CheckPort("Silo:GatewayPort", new IPEndPoint(listen, settings.GatewayPort));
    }

    private static IHost Build(SiloSettings settings, IPAddress address, Action<IServiceCollection>? services)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddSecret(settings.Farm);
        builder.Logging.AddRecorderLog(settings.Farm.LogLevel);
        builder.Services.LimitShutdown(settings.Farm.ShutdownLimit);

        builder.UseOrleans(silo => silo
            .JoinFarm(settings.Farm)
            .ConfigureEndpoints(address, settings.SiloPort, settings.GatewayPort, settings.ListenOnAll)
            .Configure<SiloOptions>(options => options.SiloName = settings.NodeName)
            .AddRecorderGrains(node => Describe(node, settings)));
        builder.Services.AddSingleton(new NodeArchivesOptions { BaseDirectory = settings.Directory });
        builder.Services.Configure<ConfigOptions>(config =>
        {
            config.FilePath = settings.ConfigPath;
            config.Rules = settings.Rules;
        });
        builder.Services.AddCaptureEngine();
        builder.Services.AddSingleton<NamesakeWatch>().AddHostedService(services => services.GetRequiredService<NamesakeWatch>());
        services?.Invoke(builder.Services);
        return builder.Build();
    }

    private static void Describe(NodeOptions node, SiloSettings settings)
    {
        node.Name = settings.NodeName;
        node.Archive = settings.Archive;
        node.Capacity = settings.Capacity ?? node.Capacity;
        node.GracePeriod = settings.GracePeriod;
        node.DrainLimit = settings.DrainLimit;
    }

    private static async Task Join(IHost host, FarmSettings farm, CancellationToken stop)
    {
        try
        {
            await host.StartAsync(stop);
        }
        catch (ConfigUnavailableException e)
        {
            throw new StartupException($"没有可用的配置: {e.Message}", e.Message, e);
        }
        catch (OrleansConfigurationException e)
        {
            throw new StartupException(FarmMembership.Refused(farm, e), e);
        }
        catch (NpgsqlException e)
        {
            throw new DatabaseCheck(farm, TimeProvider.System).Failed(e);
        }
    }

    private static bool IsReady(IHost? host)
    {
        if (host is null) return false;
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        if (!lifetime.ApplicationStarted.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested) return false;
        var self = host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        return host.Services.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.GetSiloStatus(self) == SiloStatus.Active;
    }

    private static ILogger Log(IHost host) => host.Services.GetRequiredService<ILogger<SiloHost>>();

    [LoggerMessage(1, LogLevel.Information, "Started on {Engine}: node {Node} at {Address}, ports {SiloPort} and {GatewayPort}, database {Database}")]
    private static partial void LogStarted(ILogger logger, string engine, string node, IPAddress address, int siloPort, int gatewayPort, string database);

    [LoggerMessage(2, LogLevel.Information, "Node {Node} has left the farm")]
    private static partial void LogEnded(ILogger logger, string node);
}
