using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.AdoNet;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>What a silo and a client keep in the database, and what stands on it.</summary>
internal static class AdoNetClusteringServices
{
    /// <summary>The tables; nothing is opened before their first use. Membership loads the directory's statements too, so a missing one fails the start.</summary>
    public static void AddToSilo(IServiceCollection services)
    {
        services.TryAddKeyedSingleton(nameof(AdoNetSlots.Membership), (provider, _) =>
            new AdoNetStatements(OpenForSilo(provider, AdoNetSlots.Membership), [.. AdoNetMembershipTable.Keys, .. AdoNetGrainDirectory.Keys]));
        services.TryAddKeyedSingleton(nameof(AdoNetSlots.Directory), (provider, _) => new AdoNetStatements(OpenForSilo(provider, AdoNetSlots.Directory), AdoNetGrainDirectory.Keys));
        services.TryAddSingleton<ISharedMembershipTable>(provider =>
            new AdoNetMembershipTable(provider.GetRequiredKeyedService<AdoNetStatements>(nameof(AdoNetSlots.Membership)), ClusterId(provider)));
        services.TryAddSingleton<IGrainDirectory>(provider =>
            new AdoNetGrainDirectory(provider.GetRequiredKeyedService<AdoNetStatements>(nameof(AdoNetSlots.Directory)), ClusterId(provider)));
        services.TryAddSingleton<IClustering, FarmClustering>();
        NetworkServices.AddToSilo(services);
    }

    /// <summary>The table of members alone: a client asks silos, not the directory.</summary>
    public static void AddToClient(IServiceCollection services)
    {
        services.TryAddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<AdoNetClusteringClientOptions>>().Value;
            var database = AdoNetDatabase.Create("The client's ADO.NET clustering", options.Invariant, options.ConnectionString, options.DataSource, AdoNetSlots.Membership);
            return new AdoNetStatements(database, AdoNetMembershipTable.Keys);
        });
        services.TryAddSingleton<ISharedMembershipTable>(provider => new AdoNetMembershipTable(provider.GetRequiredService<AdoNetStatements>(), ClusterId(provider)));
        services.TryAddSingleton<IGatewayList, TableGatewayList>();
    }

    private static AdoNetDatabase OpenForSilo(IServiceProvider provider, int slots)
    {
        var options = provider.GetRequiredService<IOptions<AdoNetClusteringSiloOptions>>().Value;
        return AdoNetDatabase.Create("The silo's ADO.NET clustering", options.Invariant, options.ConnectionString, options.DataSource, slots);
    }

    private static string ClusterId(IServiceProvider provider) => provider.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId;
}
