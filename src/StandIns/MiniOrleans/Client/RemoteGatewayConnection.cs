using System.Net;
using Orleans.Runtime.Messaging;
using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>A client's way to a gateway over the network.</summary>
internal sealed class RemoteGatewayConnection : IGatewayConnection
{
    private readonly Dialer _dialer;
    private readonly Link _link;
    private readonly ClientRuntime _client;
    private volatile bool _isLeft;

    private RemoteGatewayConnection(Dialer dialer, Link link, ClientRuntime client, GrainTypeMap map)
    {
        _dialer = dialer;
        _link = link;
        _client = client;
        Map = map;
    }

    public GrainTypeMap Map { get; }

    public bool IsOpen => !_isLeft && !_link.IsOver;

    public bool IsOver => _link.IsOver;

    /// <exception cref="ConnectionFailedException">Nobody answers there, or not as a gateway that takes clients now.</exception>
    /// <exception cref="OrleansConfigurationException">It refuses for good: the secret, the cluster or the protocol differs.</exception>
    public static async Task<IGatewayConnection> Open(IPEndPoint endpoint, ClientRuntime client, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(NetworkTimes.Handshake);
        try
        {
            var dialer = await Dialer.Connect(endpoint, SiloListener.GatewayPath, deadline.Token).ConfigureAwait(false);
            var link = new Link(dialer.Input, dialer.Output, dialer.EndOutput, client.Caller.Wire, client.MaxBodySize, FrameBounds.Silo);
            try
            {
                var handshake = new Handshake(client.Secret, client.Caller.Wire, client.ClusterId);
                var welcome = await handshake.Connect(link, client.Id.ToString(), "", deadline.Token).ConfigureAwait(false);
                var map = new GrainTypeMap(Slot<GrainTypeMap.Entry[]>.Instance.Read(client.Caller.Wire.Read(welcome)));
                var connection = new RemoteGatewayConnection(dialer, link, client, map);
                _ = Ambient.Without(() => Task.Run(connection.ServeAsync, CancellationToken.None));
                return connection;
            }
            catch
            {
                await link.EndAsync().ConfigureAwait(false);
                dialer.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (Link.IsBreak(exception) && !cancellation.IsCancellationRequested)
        {
            throw new ConnectionFailedException($"The gateway {endpoint} cannot be reached: {(deadline.IsCancellationRequested ? "it does not answer" : exception.Message)}", exception);
        }
    }

    public bool Send(Message message) => _link.TrySend(message);

    public Task Ping(CancellationToken cancellation) => _link.Ping(cancellation);

    public IReadOnlyList<Message> TakeUnwritten() => _link.TakeUnwritten();

    public ValueTask DisposeAsync()
    {
        _isLeft = true;
        return _link.DisposeAsync();
    }

    private async Task ServeAsync()
    {
        await _link.ServeAsync(message => _client.Receive(message, this), Leave).ConfigureAwait(false);
        _dialer.Dispose();
        _client.Lost(this, _link.Failure ?? "It was closed.");
    }

    private void Leave()
    {
        _isLeft = true;
        _client.Gateways.Wake();
    }
}
