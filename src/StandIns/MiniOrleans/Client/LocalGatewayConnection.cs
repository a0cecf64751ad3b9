namespace Orleans.Runtime;

/// <summary>A client's way into a silo of the same process. What it carries is serialized all the same.</summary>
internal sealed class LocalGatewayConnection : IGatewayConnection, IClientConnection
{
    private readonly Silo _silo;
    private readonly ClientRuntime _client;

    private LocalGatewayConnection(Silo silo, ClientRuntime client)
    {
        _silo = silo;
        _client = client;
    }

    public GrainTypeMap Map => _silo.Classes.Map;

    public bool IsOpen { get; private set; } = true;

    public bool IsOver { get; private set; }

    public static async Task<IGatewayConnection> Open(Silo silo, ClientRuntime client)
    {
        var connection = new LocalGatewayConnection(silo, client);
        await silo.Gateway.Connect(client.Id, connection).ConfigureAwait(false);
        return connection;
    }

    public void Send(Message message) => _silo.Gateway.Receive(message);

    void IClientConnection.Send(Message message) => _client.Receive(message, this);

    public void Goodbye() => IsOpen = false;

    public void Dropped() => (IsOpen, IsOver) = (false, true);

    public async ValueTask DisposeAsync()
    {
        Dropped();
        await _silo.Gateway.Disconnect(_client.Id, this).ConfigureAwait(false);
    }
}
