using System.Net;

namespace Orleans.Runtime;

/// <summary>Where a client finds gateways.</summary>
internal interface IGatewayList
{
    /// <summary>The gateways to be connected to now. Each has a name that stays, to tell old ones from new.</summary>
    ValueTask<IReadOnlyList<GatewayTarget>> Read(string clusterId, CancellationToken cancellation);
}

/// <summary>A gateway, and how to connect to it.</summary>
internal sealed record GatewayTarget(string Name, Func<ClientRuntime, CancellationToken, Task<IGatewayConnection>> Connect)
{
    public static GatewayTarget At(IPEndPoint endpoint) =>
        new(endpoint.ToString(), (client, cancellation) => RemoteGatewayConnection.Open(endpoint, client, cancellation));
}

/// <summary>Gateways by their addresses.</summary>
internal sealed class StaticGatewayList(IPEndPoint[] endpoints) : IGatewayList
{
    private readonly IReadOnlyList<GatewayTarget> _targets = [.. endpoints.Select(GatewayTarget.At)];

    public ValueTask<IReadOnlyList<GatewayTarget>> Read(string clusterId, CancellationToken cancellation) => new(_targets);
}

/// <summary>The gateways of the active silos in a shared membership table.</summary>
internal sealed class TableGatewayList(ISharedMembershipTable table) : IGatewayList
{
    private bool _isReady;

    public async ValueTask<IReadOnlyList<GatewayTarget>> Read(string clusterId, CancellationToken cancellation)
    {
        if (!_isReady) await table.Initialize(cancellation).ConfigureAwait(false);
        _isReady = true;
        return [.. (await table.ReadGateways(cancellation).ConfigureAwait(false)).Distinct().Select(GatewayTarget.At)];
    }
}

/// <summary>All active silos of a cluster in this process, whether or not they have a gateway's port.</summary>
internal sealed class InProcessGatewayList(InProcessCluster cluster) : IGatewayList
{
    public ValueTask<IReadOnlyList<GatewayTarget>> Read(string clusterId, CancellationToken cancellation) => new([.. cluster.Active.Select(address => new GatewayTarget(
        address.ToString(),
        async (client, _) => LocalSilos.Find(address) is { } silo
            ? await LocalGatewayConnection.Open(silo, client).ConfigureAwait(false)
            : throw new Messaging.ConnectionFailedException($"The silo {address} is gone.")))]);
}
