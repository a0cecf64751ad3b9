using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Orleans.Runtime;

/// <summary>The addresses of this machine.</summary>
internal static class LocalAddresses
{
    /// <summary>The first address of an interface that is up and reaches other machines; loopback when there is none.</summary>
    public static IPAddress First(AddressFamily family = AddressFamily.InterNetwork) =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(device => device.OperationalStatus == OperationalStatus.Up && device.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(device => device.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(address => address.AddressFamily == family && !address.IsIPv6LinkLocal && !IPAddress.IsLoopback(address))
            .OrderBy(address => address.ToString(), StringComparer.Ordinal)
            .FirstOrDefault() ?? (family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback);

    /// <summary>What a name of this machine stands for; the first local address for no name.</summary>
    /// <exception cref="OrleansConfigurationException">It stands for no address of that family.</exception>
    public static IPAddress Resolve(string? name, AddressFamily family)
    {
        if (string.IsNullOrWhiteSpace(name)) return First(family);
        if (IPAddress.TryParse(name, out var address)) return address;
        try
        {
            var found = Dns.GetHostAddresses(name, family);
            // Debian gives a machine's own name a loopback address; others can be reached only by the real one.
            return found.FirstOrDefault(candidate => !IPAddress.IsLoopback(candidate)) ?? found.FirstOrDefault() ?? throw NoAddress(name, null);
        }
        catch (SocketException exception)
        {
            throw NoAddress(name, exception);
        }
    }

    private static OrleansConfigurationException NoAddress(string name, Exception? cause) => new($"The host name \"{name}\" has no suitable address.", cause);
}
