using System.Collections.ObjectModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orleans.TestingHost;

/// <summary>Several silos in the process of the tests, the first called Primary, the others Secondary_n; and a client.</summary>
public class TestCluster : IDisposable, IAsyncDisposable
{
    private readonly TestClusterBuilder _builder;
    private readonly TestSilos _silos;
    private IHost? _client;

    internal TestCluster(TestClusterBuilder builder)
    {
        _builder = builder;
        _silos = new(builder.Options, index => index == 0 ? "Primary" : $"Secondary_{index}", BuildSilo);
    }

    /// <summary>Identity and size.</summary>
    public TestClusterOptions Options => _builder.Options;

    /// <summary>The client.</summary>
    public IClusterClient Client => ServiceProvider.GetRequiredService<IClusterClient>();

    /// <summary>The client.</summary>
    public IGrainFactory GrainFactory => Client;

    /// <summary>The client's services.</summary>
    public IServiceProvider ServiceProvider => (_client ?? throw new InvalidOperationException("The client is not started.")).Services;

    /// <summary>The first silo.</summary>
    public SiloHandle Primary => Silos[0];

    /// <summary>The others.</summary>
    public IReadOnlyList<SiloHandle> SecondarySilos => [.. Silos.Skip(1)];

    /// <summary>All that run.</summary>
    public ReadOnlyCollection<SiloHandle> Silos => _silos.Running.ToList<SiloHandle>().AsReadOnly();

    /// <summary>All that run.</summary>
    public IEnumerable<SiloHandle> GetActiveSilos() => Silos;

    /// <summary>The silo with that address.</summary>
    public SiloHandle? GetSiloForAddress(SiloAddress siloAddress) => Silos.FirstOrDefault(silo => silo.SiloAddress.Equals(siloAddress));

    /// <summary>Starts the silos, then the client.</summary>
    public async Task DeployAsync()
    {
        await _silos.StartAsync(Options.InitialSilosCount).ConfigureAwait(false);
        if (Options.InitializeClientOnDeploy) await InitializeClientAsync().ConfigureAwait(false);
    }

    /// <summary>Starts the silos, then the client.</summary>
    public void Deploy() => DeployAsync().GetAwaiter().GetResult();

    /// <summary>One silo more.</summary>
    public SiloHandle StartAdditionalSilo(bool startAdditionalSiloOnNewPort = false) => StartAdditionalSiloAsync(startAdditionalSiloOnNewPort).GetAwaiter().GetResult();

    /// <summary>One silo more.</summary>
    public async Task<SiloHandle> StartAdditionalSiloAsync(bool startAdditionalSiloOnNewPort = false) => (await _silos.StartAsync(1).ConfigureAwait(false))[0];

    /// <summary>Some silos more.</summary>
    public async Task<List<SiloHandle>> StartAdditionalSilosAsync(int silosToStart, bool startAdditionalSiloOnNewPort = false) =>
        [.. await _silos.StartAsync(silosToStart).ConfigureAwait(false)];

    /// <summary>Stops a silo gracefully.</summary>
    public Task StopSiloAsync(SiloHandle instance) => _silos.StopAsync((InProcessSiloHandle)instance, gracefully: true);

    /// <summary>Stops a silo abruptly; its death is recorded at once.</summary>
    public Task KillSiloAsync(SiloHandle instance) => _silos.StopAsync((InProcessSiloHandle)instance, gracefully: false);

    /// <summary>Stops a silo gracefully and starts one of the same name and endpoint.</summary>
    public async Task<SiloHandle?> RestartSiloAsync(SiloHandle instance) => await _silos.RestartAsync((InProcessSiloHandle)instance).ConfigureAwait(false);

    /// <summary>Stops the client, then the silos, gracefully.</summary>
    public async Task StopAllSilosAsync()
    {
        await StopClusterClientAsync().ConfigureAwait(false);
        await _silos.StopAllAsync().ConfigureAwait(false);
    }

    /// <summary>Stops the client.</summary>
    public async Task StopClusterClientAsync()
    {
        if (Interlocked.Exchange(ref _client, null) is { } client) await TestClient.StopAsync(client).ConfigureAwait(false);
    }

    /// <summary>Starts a client, instead of the last one.</summary>
    public async Task InitializeClientAsync()
    {
        await StopClusterClientAsync().ConfigureAwait(false);
        var host = new HostBuilder().ConfigureHostConfiguration(_builder.Configure).UseOrleansClient((context, client) =>
        {
            TestClient.Configure(client, Options, _silos.Cluster);
            foreach (var type in _builder.ClientConfigurators)
                ((IClientBuilderConfigurator)Activator.CreateInstance(type)!).Configure(context.Configuration, client);
        });
        _client = await TestClient.StartAsync(host.Build()).ConfigureAwait(false);
    }

    /// <summary>Waits until all silos see the same members.</summary>
    public Task WaitForLivenessToStabilizeAsync(bool didKill = false) => _silos.WaitForLivenessAsync();

    /// <summary>A silo's services; the first one's when none is named.</summary>
    public IServiceProvider GetSiloServiceProvider(SiloAddress? silo = null) => _silos.ServicesOf(silo);

    /// <inheritdoc/>
    public void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAllSilosAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    private IHost BuildSilo(string name, Action<ISiloBuilder> configureSilo)
    {
        var host = new HostBuilder().ConfigureHostConfiguration(_builder.Configure);
        host.UseOrleans(configureSilo);
        foreach (var type in _builder.SiloConfigurators)
        {
            var configurator = Activator.CreateInstance(type);
            (configurator as IHostConfigurator)?.Configure(host);
            if (configurator is ISiloConfigurator silo) host.UseOrleans(silo.Configure);
        }

        return host.Build();
    }
}
