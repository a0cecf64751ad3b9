using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>How silos and clients find one another.</summary>
public static class ClusteringExtensions
{
    /// <summary>
    /// A cluster on this machine's loopback, its membership in the memory of the primary silo's process. Silos of one process find each other directly;
    /// nothing listens but the gateway, and that only when its port is not 0.
    /// </summary>
    public static ISiloBuilder UseLocalhostClustering(
        this ISiloBuilder builder, int siloPort = 11111, int gatewayPort = 30000, IPEndPoint? primarySiloEndpoint = null, string serviceId = "dev", string clusterId = "dev")
    {
        builder.Configure<EndpointOptions>(options =>
        {
            options.AdvertisedIPAddress = IPAddress.Loopback;
            options.SiloPort = siloPort;
            options.GatewayPort = gatewayPort;
        });
        FillIds(builder.Services, serviceId, clusterId);
        var primary = primarySiloEndpoint ?? new IPEndPoint(IPAddress.Loopback, siloPort);
        builder.Services.AddSingleton<IClustering>(new ProcessClustering(primary));
        return builder;
    }

    /// <summary>Finds a silo by its gateway port on loopback.</summary>
    public static IClientBuilder UseLocalhostClustering(this IClientBuilder builder, int gatewayPort = 30000, string serviceId = "dev", string clusterId = "dev") =>
        UseLocalhostClustering(builder, [gatewayPort], serviceId, clusterId);

    /// <summary>Finds silos by their gateway ports on loopback.</summary>
    public static IClientBuilder UseLocalhostClustering(this IClientBuilder builder, int[] gatewayPorts, string serviceId = "dev", string clusterId = "dev")
    {
        FillIds(builder.Services, serviceId, clusterId);
        return builder.UseStaticClustering([.. gatewayPorts.Select(port => new IPEndPoint(IPAddress.Loopback, port))]);
    }

    /// <summary>Finds silos by their gateways' addresses.</summary>
    public static IClientBuilder UseStaticClustering(this IClientBuilder builder, params IPEndPoint[] endpoints)
    {
        builder.Services.AddSingleton<IGatewayList>(new StaticGatewayList(endpoints));
        return builder;
    }

    // As the real engine does it: the default "dev" only fills blank ids, and these are never blank.
    private static void FillIds(IServiceCollection services, string serviceId, string clusterId) => services.Configure<ClusterOptions>(options =>
    {
        if (serviceId != "dev" || string.IsNullOrWhiteSpace(options.ServiceId)) options.ServiceId = serviceId;
        if (clusterId != "dev" || string.IsNullOrWhiteSpace(options.ClusterId)) options.ClusterId = clusterId;
    });
}
