using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>Silos and clients find one another through a relational database.</summary>
public static class AdoNetClusteringExtensions
{
    /// <summary>Membership in a database.</summary>
    public static ISiloBuilder UseAdoNetClustering(this ISiloBuilder builder, Action<AdoNetClusteringSiloOptions> configureOptions) =>
        UseAdoNetClustering(builder, (OptionsBuilder<AdoNetClusteringSiloOptions> options) => options.Configure(configureOptions));

    /// <summary>Membership in a database.</summary>
    public static ISiloBuilder UseAdoNetClustering(this ISiloBuilder builder, Action<OptionsBuilder<AdoNetClusteringSiloOptions>> configureOptions)
    {
        configureOptions(builder.Services.AddOptions<AdoNetClusteringSiloOptions>());
        AdoNetClusteringServices.AddToSilo(builder.Services);
        return builder;
    }

    /// <summary>Gateways from a database.</summary>
    public static IClientBuilder UseAdoNetClustering(this IClientBuilder builder, Action<AdoNetClusteringClientOptions> configureOptions) =>
        UseAdoNetClustering(builder, (OptionsBuilder<AdoNetClusteringClientOptions> options) => options.Configure(configureOptions));

    /// <summary>Gateways from a database.</summary>
    public static IClientBuilder UseAdoNetClustering(this IClientBuilder builder, Action<OptionsBuilder<AdoNetClusteringClientOptions>> configureOptions)
    {
        configureOptions(builder.Services.AddOptions<AdoNetClusteringClientOptions>());
        AdoNetClusteringServices.AddToClient(builder.Services);
        return builder;
    }
}
