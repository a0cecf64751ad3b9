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

    public bool Send(Message message)
    {
        if (IsOver) return false;
        _silo.Gateway.Receive(message);
        return true;
    }

    public Task Ping(CancellationToken cancellation) => Task.CompletedTask;

    public IReadOnlyList<Message> TakeUnwritten() => [];

    void IClientConnection.Send(Message message) => _client.Receive(message, this);

    public void Goodbye()
    {
        IsOpen = false;
        _client.Gateways.Wake();
    }

    public void Dropped()
    {
        (IsOpen, IsOver) = (false, true);
        _client.Lost(this, "The silo has stopped.");
    }

    public async ValueTask DisposeAsync()
    {
        (IsOpen, IsOver) = (false, true);
        await _silo.Gateway.Disconnect(_client.Id, this).ConfigureAwait(false);
    }
}
