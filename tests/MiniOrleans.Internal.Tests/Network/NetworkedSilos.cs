using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Storage;
using OrleansRecorder.Testing;

namespace MiniOrleans.Internal.Tests.Network;

/// <summary>Silos and clients of one process that share members and directory in memory, and reach each other over sockets only.</summary>
/// <param name="remember">Each silo keeps in mind where grains are, as silos with a directory in a database do.</param>
internal sealed class NetworkedSilos(bool remember = false) : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly InProcessCluster _shared = new();
    private readonly List<IHost> _hosts = [];

    /// <summary>What silos and clients warned of.</summary>
    public ConcurrentQueue<string> Warnings { get; } = new();

    public async Task<Silo> Start(string? secret = null, int? port = null, Action<ISiloBuilder>? configure = null)
    {
        var ports = (Silo: port ?? Ports.Free(), Gateway: Ports.Free());
        var host = Build(secret, builder => builder.UseOrleans(silo =>
        {
            silo.Services.AddSingleton<IClustering>(services => new Clustering(_shared, remember, services));
            NetworkServices.AddToSilo(silo.Services);
            silo.ConfigureEndpoints(IPAddress.Loopback, ports.Silo, ports.Gateway);
            silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(20));
            configure?.Invoke(silo);
        }));
        await host.StartAsync();
        return host.Services.GetRequiredService<Silo>();
    }

    public async Task<ClientRuntime> Connect(string? secret, params Silo[] silos) => await Connect(secret, null, silos);

    public async Task<ClientRuntime> Connect(string? secret, Action<IClientBuilder>? configure, params Silo[] silos)
    {
        var host = Build(secret, builder => builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering([.. silos.Select(silo => silo.Details.GatewayAddress.Endpoint)]);
            client.UseConnectionRetryFilter((_, _) => Task.FromResult(false));
            client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(20));
            configure?.Invoke(client);
        }));
        await host.StartAsync();
        return host.Services.GetRequiredService<ClientRuntime>();
    }

    /// <summary>In order, as SIGTERM does it.</summary>
    public Task Stop(Silo silo) => HostOf(silo).StopAsync();

    /// <summary>Cuts its connections and forgets it, as if its process had been killed. The others do not know yet.</summary>
    public static async Task Crash(Silo silo)
    {
        await silo.Network!.DisposeAsync();
        LocalSilos.Remove(silo);
    }

    /// <summary>What membership does some seconds later.</summary>
    public async Task DeclareDead(Silo silo) => await _shared.Write(new MembershipEntry { SiloAddress = silo.Address, Status = SiloStatus.Dead, SiloName = silo.Details.Name });

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts.AsEnumerable().Reverse())
        {
            await host.StopAsync(new CancellationToken(canceled: true));
            host.Dispose();
        }
    }

    private IHost HostOf(Silo silo) => _hosts.Single(host => host.Services.GetService<Silo>() == silo);

    private IHost Build(string? secret, Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        if (secret is not null) builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("Cluster:Secret", (string?)secret)]);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddProvider(new Collector(Warnings));
        configure(builder);
        var host = builder.Build();
        _hosts.Add(host);
        return host;
    }

    private sealed class Collector(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
            // The lines stay.
        }
    }

    private sealed class Clustering(InProcessCluster shared, bool remember, IServiceProvider services) : IClustering
    {
        public ICluster Join(string clusterId, SiloAddress silo) => new Cluster(shared,
            remember ? new RememberingDirectory(shared, _ => Task.FromResult<SiloAddress?>(null), new MembershipLog(services.GetRequiredService<ILoggerFactory>())) : shared,
            services.GetRequiredService<IClientDirectory>());
    }

    private sealed class Cluster(InProcessCluster shared, IGrainDirectory directory, IClientDirectory clients) : ICluster
    {
        public IMembershipTable Members => shared;

        public IGrainDirectory Directory => directory;

        public IClientDirectory Clients => clients;

        public MemoryStore StoreOf(string provider) => shared.StoreOf(provider);

        public MemoryReminders RemindersOf(string serviceId) => shared.RemindersOf(serviceId);
    }
}
