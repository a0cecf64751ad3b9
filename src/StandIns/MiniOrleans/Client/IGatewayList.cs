using System.Net;

namespace Orleans.Runtime;

/// <summary>Where a client finds gateways.</summary>
internal interface IGatewayList
{
    /// <summary>The gateways to be connected to now. Each has a name that stays, to tell old ones from new.</summary>
    IReadOnlyList<GatewayTarget> Gateways(string clusterId);
}

/// <summary>A gateway, and how to connect to it.</summary>
internal sealed record GatewayTarget(string Name, Func<ClientRuntime, CancellationToken, Task<IGatewayConnection>> Connect);

/// <summary>An open way into the cluster.</summary>
internal interface IGatewayConnection : IAsyncDisposable
{
    /// <summary>Which grain class serves which interface.</summary>
    GrainTypeMap Map { get; }

    /// <summary>Takes requests. False once the gateway has said goodbye; answers may still come.</summary>
    bool IsOpen { get; }

    /// <summary>Neither requests nor answers any more.</summary>
    bool IsOver { get; }

    void Send(Message message);
}

/// <summary>Gateways by their addresses.</summary>
internal sealed class StaticGatewayList(IPEndPoint[] endpoints) : IGatewayList
{
    public IReadOnlyList<GatewayTarget> Gateways(string clusterId) => [.. endpoints.Select(endpoint => new GatewayTarget(
        endpoint.ToString(),
        (client, cancellation) => RemoteGatewayConnection.Open(endpoint, clusterId, client, cancellation)))];
}

/// <summary>All active silos of a cluster in this process, whether or not they have a gateway's port.</summary>
internal sealed class InProcessGatewayList(InProcessCluster cluster) : IGatewayList
{
    public IReadOnlyList<GatewayTarget> Gateways(string clusterId) => [.. cluster.Active.Select(address => new GatewayTarget(
        address.ToString(),
        async (client, _) => LocalSilos.Find(address) is { } silo
            ? await LocalGatewayConnection.Open(silo, client).ConfigureAwait(false)
            : throw new Messaging.ConnectionFailedException($"The silo {address} is gone.")))];
}
