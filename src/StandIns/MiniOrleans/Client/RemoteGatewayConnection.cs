using System.Net;

namespace Orleans.Runtime;

internal static class RemoteGatewayConnection
{
    public static Task<IGatewayConnection> Open(IPEndPoint endpoint, string clusterId, ClientRuntime client, CancellationToken cancellation) =>
        throw new Messaging.ConnectionFailedException($"Nobody answers at {endpoint}.");
}
