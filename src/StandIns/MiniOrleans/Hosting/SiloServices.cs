using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;

namespace Orleans.Hosting;

/// <summary>The services of a silo.</summary>
internal static class SiloServices
{
    public static ISiloBuilder AddTo(IServiceCollection services, IConfiguration configuration)
    {
        if (services.Any(service => service.ServiceType == typeof(ClientRuntime)))
            throw new OrleansConfigurationException("The host has a client already. A silo is a client too: leave UseOrleansClient out.");
        var builder = new SiloBuilder(services, configuration);
        if (services.Any(service => service.ServiceType == typeof(Silo))) return builder;

        services.AddLogging();
        services.AddOptions();
        OrleansSection.AddToSilo(services, configuration);
        services.AddSingleton<ILocalSiloDetails, LocalSiloDetails>();
        services.AddSingleton<Silo>();
        services.TryAddSingleton(new ClusterSecret(configuration));
        services.AddSingleton<IClusterMembershipService>(provider => provider.GetRequiredService<Silo>().Membership);
        services.AddSingleton<IGrainFactory>(provider => provider.GetRequiredService<Silo>().GrainFactory);
        services.AddSingleton<IClusterClient>(provider => new ClusterClient(provider.GetRequiredService<IGrainFactory>(), provider));
        services.AddScoped<GrainContextHolder>();
        services.AddScoped(provider => provider.GetRequiredService<GrainContextHolder>().Context
            ?? throw new InvalidOperationException("There is an IGrainContext only in the scope of an activation."));
        services.TryAddSingleton<IGrainStorageSerializer>(new JsonGrainStorageSerializer(includeFields: true));
        services.AddPlacementDirector<RandomPlacement, RandomDirector>();
        services.AddPlacementDirector<PreferLocalPlacement, LocalDirector>();
        services.AddPlacementDirector<StatelessWorkerPlacement, LocalDirector>();
        services.AddPlacementDirector<KeyedSiloPlacement, KeyedSiloDirector>();
        services.AddHostedService<SiloHostedService>();
        return builder;
    }

    private sealed class SiloHostedService(Silo silo) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => silo.StartAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => silo.StopAsync(cancellationToken);
    }
}
