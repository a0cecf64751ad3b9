using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace MiniOrleans.Tests;

/// <summary>Silo and client hosts as an application builds them, on sockets of the loopback interface.</summary>
public static class Hosts
{
    public static IHost Silo((int Silo, int Gateway) ports, Action<ISiloBuilder>? configure = null) => Build(builder => builder.UseOrleans(silo =>
    {
        silo.UseLocalhostClustering(ports.Silo, ports.Gateway).Configure<ClusterOptions>(Identify);
        configure?.Invoke(silo);
    }));

    public static IHost Client(int gatewayPort, Action<IClientBuilder>? configure = null) => Build(builder => builder.UseOrleansClient(client =>
    {
        client.UseLocalhostClustering(gatewayPort).Configure<ClusterOptions>(Identify);
        configure?.Invoke(client);
    }));

    public static IHost Build(Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        configure(builder);
        return builder.Build();
    }

    private static void Identify(ClusterOptions options) => (options.ClusterId, options.ServiceId) = ("parity", "parity");
}
