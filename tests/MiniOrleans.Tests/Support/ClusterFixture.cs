using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace MiniOrleans.Tests;

/// <summary>Some silos and a client in one process, with a response timeout of 5 s, shared by the tests of a collection.</summary>
public abstract class ClusterFixture(short silos) : IAsyncLifetime
{
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(5);

    public InProcessTestCluster Cluster { get; private set; } = null!;

    public IClusterClient Client => Cluster.Client;

    public IManagementGrain Management => Client.GetGrain<IManagementGrain>(0);

    public virtual async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((options, silo) =>
        {
            silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout);
            ConfigureSilo(options.SiloName, silo);
        });
        builder.ConfigureClient(client => client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout));
        Cluster = builder.Build();
        await Cluster.DeployAsync();
    }

    public virtual async Task DisposeAsync() => await Cluster.DisposeAsync();

    /// <summary>The services of one silo, by its place in the cluster.</summary>
    public IServiceProvider Services(int silo) => Cluster.GetSiloServiceProvider(Cluster.Silos[silo].SiloAddress);

    /// <summary>Calls through it start on that silo.</summary>
    public IGrainFactory FactoryOn(int silo) => Services(silo).GetRequiredService<IGrainFactory>();

    /// <summary>The client and every silo, as callers.</summary>
    public IEnumerable<IGrainFactory> Callers => [Client, .. Enumerable.Range(0, Cluster.Silos.Count).Select(FactoryOn)];

    /// <summary>The silo that runs the grain, or null when it is not active.</summary>
    public async Task<SiloAddress?> SiloOf(IAddressable grain) => await Management.GetActivationAddress(grain);

    protected virtual void ConfigureSilo(string name, ISiloBuilder silo)
    {
    }
}
