using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>The section <c>Orleans</c> of the host's configuration. What the builder's calls say afterwards wins.</summary>
internal static class OrleansSection
{
    public static void AddToSilo(IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection("Orleans");
        AddIds(services, section);
        services.AddOptions<SiloOptions>().Configure(options => options.SiloName = section["Name"] ?? options.SiloName);
        services.AddOptions<EndpointOptions>().Configure(options => Read(section.GetSection("Endpoints"), options));
        services.AddOptions<SiloMessagingOptions>().Bind(section.GetSection("Messaging"));
    }

    public static void AddToClient(IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection("Orleans");
        AddIds(services, section);
        services.AddOptions<ClientMessagingOptions>().Bind(section.GetSection("Messaging"));
    }

    private static void AddIds(IServiceCollection services, IConfigurationSection section) => services.AddOptions<ClusterOptions>().Configure(options =>
    {
        options.ClusterId = section["ClusterId"] ?? options.ClusterId;
        options.ServiceId = section["ServiceId"] ?? options.ServiceId;
    });

    private static void Read(IConfigurationSection section, EndpointOptions options)
    {
        options.AdvertisedIPAddress = Parse(section, nameof(options.AdvertisedIPAddress), text => IPAddress.TryParse(text, out var value) ? value : null) ?? options.AdvertisedIPAddress;
        options.SiloListeningEndpoint = Parse(section, nameof(options.SiloListeningEndpoint), text => IPEndPoint.TryParse(text, out var value) ? value : null) ?? options.SiloListeningEndpoint;
        options.GatewayListeningEndpoint = Parse(section, nameof(options.GatewayListeningEndpoint), text => IPEndPoint.TryParse(text, out var value) ? value : null) ?? options.GatewayListeningEndpoint;
        options.SiloPort = section.GetValue(nameof(options.SiloPort), options.SiloPort);
        options.GatewayPort = section.GetValue(nameof(options.GatewayPort), options.GatewayPort);
    }

    private static T? Parse<T>(IConfigurationSection section, string name, Func<string, T?> parse) where T : class =>
        section[name] is not { } text ? null : parse(text) ?? throw new OrleansConfigurationException($"{section.Path}:{name} is not an address: \"{text}\".");
}
