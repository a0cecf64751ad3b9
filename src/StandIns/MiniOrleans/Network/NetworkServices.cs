using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Orleans.Runtime;

/// <summary>What lets silos meet on the network; a silo without it finds others in its own process only.</summary>
internal static class NetworkServices
{
    public static void AddToSilo(IServiceCollection services)
    {
        services.TryAddSingleton<ISiloNetwork, SiloNetwork>();
        services.TryAddSingleton<IClientDirectory, AskingClientDirectory>();
    }
}
