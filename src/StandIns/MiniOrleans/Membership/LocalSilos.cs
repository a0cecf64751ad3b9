using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Orleans.Runtime;

/// <summary>The silos of this process by their endpoints, which they use like sockets: one silo an endpoint.</summary>
internal static class LocalSilos
{
    private static readonly ConcurrentDictionary<IPEndPoint, Silo> ByEndpoint = new();

    /// <exception cref="SocketException">Another silo of this process has the endpoint.</exception>
    public static void Add(Silo silo)
    {
        if (!ByEndpoint.TryAdd(silo.Address.Endpoint, silo)) throw new SocketException((int)SocketError.AddressAlreadyInUse, $"Another silo of this process has the endpoint {silo.Address.Endpoint}.");
    }

    public static void Remove(Silo silo) => ByEndpoint.TryRemove(KeyValuePair.Create(silo.Address.Endpoint, silo));

    public static Silo? Find(SiloAddress address) => ByEndpoint.TryGetValue(address.Endpoint, out var silo) && silo.Address.Equals(address) ? silo : null;
}
