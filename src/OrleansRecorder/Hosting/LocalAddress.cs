using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace OrleansRecorder.Hosting;

/// <summary>Finds the address under which the others reach this machine.</summary>
internal static class LocalAddress
{
    /// <summary>An address as it is, a host name looked up, or this machine's first suitable one when nothing is told. Throws <see cref="StartupException"/>.</summary>
    public static async Task<IPAddress> Resolve(string? told, CancellationToken stop)
    {
        if (told is null) return First();
        if (IPAddress.TryParse(told, out var address)) return address;
        try
        {
            var found = await Dns.GetHostAddressesAsync(told, stop);
            return found.OrderBy(a => a.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).FirstOrDefault() ?? throw NotFound(told, null);
        }
        catch (SocketException e)
        {
            throw NotFound(told, e);
        }
    }

    // IPv4 before IPv6, and no link-local address: the others could not use it as it stands.
    private static IPAddress First() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(card => card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(card => card.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .Where(address => !address.IsIPv6LinkLocal)
        .OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
        .FirstOrDefault() ?? IPAddress.Loopback;

    private static StartupException NotFound(string told, Exception? inner) => new(
        $"Silo:Address {told} 无法解析为地址", $"Silo:Address {told} cannot be resolved to an address", inner);
}
