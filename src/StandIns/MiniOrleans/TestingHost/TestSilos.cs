using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Orleans.TestingHost;

/// <summary>The silos of a test cluster. Their endpoints are names only: nothing listens there.</summary>
internal sealed class TestSilos(TestClusterOptions options, Func<int, string> nameOf, Func<string, Action<ISiloBuilder>, IHost> build)
{
    private static int _lastPort = 20000;
    private readonly Lock _lock = new();
    private readonly List<InProcessSiloHandle> _running = [];
    private int _started;

    public InProcessCluster Cluster { get; } = new();

    public List<InProcessSiloHandle> Running
    {
        get { lock (_lock) return [.. _running]; }
    }

    public async Task<List<InProcessSiloHandle>> StartAsync(int count)
    {
        var started = new List<InProcessSiloHandle>();
        for (var i = 0; i < count; i++)
            started.Add(await StartAsync(nameOf(Interlocked.Increment(ref _started) - 1), Interlocked.Add(ref _lastPort, 2)).ConfigureAwait(false));
        return started;
    }

    public async Task StopAsync(InProcessSiloHandle silo, bool gracefully)
    {
        lock (_lock) _running.Remove(silo);
        await silo.StopSiloAsync(gracefully).ConfigureAwait(false);
    }

    public async Task<InProcessSiloHandle?> RestartAsync(InProcessSiloHandle silo)
    {
        await StopAsync(silo, gracefully: true).ConfigureAwait(false);
        return await StartAsync(silo.Name, silo.SiloAddress.Endpoint.Port).ConfigureAwait(false);
    }

    public Task StopAllAsync()
    {
        List<InProcessSiloHandle> all;
        lock (_lock)
        {
            all = [.. _running];
            _running.Clear();
        }

        return Task.WhenAll(all.Select(silo => silo.StopSiloAsync(stopGracefully: true)));
    }

    public async Task WaitForLivenessAsync()
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(30))
        {
            var running = Running;
            var alike = running.All(silo => silo.ServiceProvider.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Active.ToHashSet()
                .SetEquals(running.Select(other => other.SiloAddress)));
            if (alike) return;
            await Task.Delay(20).ConfigureAwait(false);
        }

        throw new TimeoutException("The silos did not agree on their members within 30 s.");
    }

    public IServiceProvider ServicesOf(SiloAddress? silo) =>
        Running.First(candidate => silo is null || candidate.SiloAddress.Equals(silo)).ServiceProvider;

    private async Task<InProcessSiloHandle> StartAsync(string name, int port)
    {
        var host = build(name, silo =>
        {
            silo.Services.AddSingleton<IClustering>(new ProcessClustering(Cluster));
            silo.Configure<ClusterOptions>(cluster =>
            {
                cluster.ClusterId = options.ClusterId;
                cluster.ServiceId = options.ServiceId;
            });
            silo.Configure<SiloOptions>(o => o.SiloName = name);
            silo.ConfigureEndpoints(IPAddress.Loopback, port, gatewayPort: 0);
        });
        await host.StartAsync().ConfigureAwait(false);
        var details = host.Services.GetRequiredService<ILocalSiloDetails>();
        var handle = new InProcessSiloHandle(host) { Name = details.Name, SiloAddress = details.SiloAddress, GatewayAddress = details.GatewayAddress };
        lock (_lock) _running.Add(handle);
        return handle;
    }
}
