using System.Net;
using System.Net.Sockets;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>Where a silo listens, and what it tells others.</summary>
public static class EndpointExtensions
{
    /// <summary>Sets the ports; the address is the first suitable one of this machine.</summary>
    public static ISiloBuilder ConfigureEndpoints(
        this ISiloBuilder builder, int siloPort, int gatewayPort, AddressFamily addressFamily = AddressFamily.InterNetwork, bool listenOnAnyHostAddress = false) =>
        ConfigureEndpoints(builder, LocalAddresses.First(addressFamily), siloPort, gatewayPort, listenOnAnyHostAddress);

    /// <summary>Sets the address, as the name of this machine resolves, and the ports.</summary>
    /// <exception cref="OrleansConfigurationException">The name has no address of that family.</exception>
    public static ISiloBuilder ConfigureEndpoints(
        this ISiloBuilder builder, string? hostname, int siloPort, int gatewayPort, AddressFamily addressFamily = AddressFamily.InterNetwork, bool listenOnAnyHostAddress = false) =>
        ConfigureEndpoints(builder, LocalAddresses.Resolve(hostname, addressFamily), siloPort, gatewayPort, listenOnAnyHostAddress);

    /// <summary>Sets the address and the ports.</summary>
    public static ISiloBuilder ConfigureEndpoints(
        this ISiloBuilder builder, IPAddress advertisedIP, int siloPort, int gatewayPort, bool listenOnAnyHostAddress = false) =>
        builder.Configure<EndpointOptions>(options =>
        {
            options.AdvertisedIPAddress = advertisedIP;
            options.SiloPort = siloPort;
            options.GatewayPort = gatewayPort;
            if (!listenOnAnyHostAddress) return;
            var any = advertisedIP.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
            options.SiloListeningEndpoint = new IPEndPoint(any, siloPort);
            options.GatewayListeningEndpoint = new IPEndPoint(any, gatewayPort);
        });
}
