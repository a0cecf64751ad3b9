using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Orleans.TestingHost;

/// <summary>The client of a test cluster.</summary>
internal static class TestClient
{
    public static void Configure(IClientBuilder client, TestClusterOptions options, InProcessCluster cluster)
    {
        client.Services.AddSingleton<IGatewayList>(new InProcessGatewayList(cluster));
        client.Configure<ClusterOptions>(o =>
        {
            o.ClusterId = options.ClusterId;
            o.ServiceId = options.ServiceId;
        });
    }

    public static async Task<IHost> StartAsync(IHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        return host;
    }

    public static async Task StopAsync(IHost host)
    {
        await host.StopAsync().ConfigureAwait(false);
        if (host is IAsyncDisposable disposable) await disposable.DisposeAsync().ConfigureAwait(false);
        else host.Dispose();
    }
}
