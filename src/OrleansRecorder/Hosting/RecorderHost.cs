using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansRecorder.Api;
using OrleansRecorder.Configuration;
using OrleansRecorder.Cycles;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Hosting;

/// <summary>The role <c>run</c>: silo, API and archive in one process, state in SQLite.</summary>
internal sealed partial class RecorderHost : IAsyncDisposable
{
    private const string ClusterName = "recorder";
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(15);

    private readonly WebApplication _app;
    private readonly StateDirectory _state;

    private RecorderHost(WebApplication app, StateDirectory state, string address)
    {
        _app = app;
        _state = state;
        Address = address;
    }

    /// <summary>Where the API answers, for a person on this machine: <c>http://127.0.0.1:8080</c>.</summary>
    public string Address { get; }

    /// <summary>The scheduler.</summary>
    public ICycleGrain Cycle => _app.Services.GetRequiredService<IClusterClient>().GetGrain<ICycleGrain>(ICycleGrain.Key);

    /// <summary>Checks what a start needs, then starts. Throws <see cref="StartupException"/> for what the user can mend; nothing has been changed then.</summary>
    public static async Task<RecorderHost> Start(RunSettings settings, CancellationToken stop)
    {
        await Surroundings.Check(settings);
        var state = StateDirectory.Hold(settings.StatePath);
        WebApplication? app = null;
        try
        {
            await SqliteSchema.Apply(state.ConnectionString, stop);
            app = Build(settings, state);
            await app.StartAsync(stop);
            var host = new RecorderHost(app, state, AddressOf(settings));
            LogStarted(app.Logger, HostParts.Engine, settings.ConfigPath, settings.NodeName);
            if (settings.StartScheduler) await host.Cycle.Start();
            return host;
        }
        catch (Exception e)
        {
            if (app is not null) await app.DisposeAsync();
            state.Dispose();
            if (e is IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException }) throw Surroundings.CannotListen("port", new IPEndPoint(settings.Listen, settings.Port), e);
            throw;
        }
    }

    /// <summary>Waits for SIGTERM, Ctrl+C or <paramref name="stop"/>.</summary>
    public Task WaitForShutdown(CancellationToken stop) => _app.Lifetime.WaitForShutdown(stop);

    /// <summary>Ends the captures cleanly, then the process's parts.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(ShutdownLimit);
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
        _state.Dispose();
    }

    private static WebApplication Build(RunSettings settings, StateDirectory state)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddEnvironmentVariables("RECORDER_");
        builder.Logging.AddRecorderLog(settings.Quiet ? LogLevel.Error : LogLevel.Information);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(settings.Listen, settings.Port));
        builder.Services.LimitShutdown(ShutdownLimit);

        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(siloPort: FreePort(), gatewayPort: 0, serviceId: ClusterName, clusterId: ClusterName)
            .Configure<SiloOptions>(options => options.SiloName = settings.NodeName)
            .AddAdoNetGrainStorageAsDefault((AdoNetGrainStorageOptions storage) =>
            {
                storage.Invariant = "System.Data.SQLite";
                storage.ConnectionString = state.ConnectionString;
            })
            .UseSystemTextJsonGrainStorageSerializer()
            .UseInMemoryReminderService()
            .AddRecorderGrains(node => node.Name = settings.NodeName));
        builder.Services.Configure<ConfigOptions>(config =>
        {
            config.FilePath = settings.ConfigFile;
            config.Rules = settings.Rules;
            config.OutputDirectory = settings.OutputDirectory;
        });
        builder.Services.Configure<CycleOptions>(cycle => cycle.IsOneProcess = true);
        builder.Services.AddCaptureEngine();
        builder.Services.AddRecorderApi(api => api.NodeNames = [settings.NodeName]);

        var app = builder.Build();
        app.MapRecorderApi();
        return app;
    }

    private static string AddressOf(RunSettings settings)
    {
        var address = settings.Listen.Equals(IPAddress.Any) || settings.Listen.Equals(IPAddress.IPv6Any) ? IPAddress.Loopback : settings.Listen;
        return $"http://{new IPEndPoint(address, settings.Port)}";
    }

    // The engine wants a port for other silos to reach it; one process has none, so any will do.
    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    [LoggerMessage(1, LogLevel.Information, "Started on {Engine}, configuration {Config}, node {Node}")]
    private static partial void LogStarted(ILogger logger, string engine, string config, string node);
}
