using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orleans.Hosting;

/// <summary>The services of a client.</summary>
internal static class ClientServices
{
    public static IClientBuilder AddTo(IServiceCollection services, IConfiguration configuration)
    {
        if (services.Any(service => service.ServiceType == typeof(Silo)))
            throw new OrleansConfigurationException("The host has a silo already, which is a client too: leave UseOrleansClient out.");
        var builder = new ClientBuilder(services, configuration);
        if (services.Any(service => service.ServiceType == typeof(ClientRuntime))) return builder;

        services.AddLogging();
        services.AddOptions();
        OrleansSection.AddToClient(services, configuration);
        services.AddSingleton<ClientRuntime>();
        services.AddSingleton(new ClusterSecret(configuration));
        services.AddSingleton<IGrainFactory>(provider => provider.GetRequiredService<ClientRuntime>().GrainFactory);
        services.AddSingleton<IClusterClient>(provider => new ClusterClient(provider.GetRequiredService<IGrainFactory>(), provider));
        services.AddHostedService<ClientHostedService>();
        return builder;
    }

    private sealed class ClientHostedService(ClientRuntime client) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => client.StartAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => client.DisposeAsync().AsTask();
    }
}
