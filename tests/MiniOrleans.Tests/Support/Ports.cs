using System.Net;
using System.Net.Sockets;

namespace MiniOrleans.Tests;

/// <summary>Free TCP ports of the loopback interface.</summary>
public static class Ports
{
    /// <summary>Two different ports that nobody listens on at this moment: silo and gateway.</summary>
    public static (int Silo, int Gateway) Free()
    {
        using var silo = new TcpListener(IPAddress.Loopback, 0);
        using var gateway = new TcpListener(IPAddress.Loopback, 0);
        silo.Start();
        gateway.Start();
        return (((IPEndPoint)silo.LocalEndpoint).Port, ((IPEndPoint)gateway.LocalEndpoint).Port);
    }
}
