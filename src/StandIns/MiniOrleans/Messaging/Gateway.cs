using System.Collections.Concurrent;

namespace Orleans.Runtime;

/// <summary>A silo's door for clients: their requests come in here, and answers and notifications go out.</summary>
internal sealed class Gateway(Silo silo)
{
    private readonly ConcurrentDictionary<GrainId, IClientConnection> _clients = new();

    /// <summary>False while the silo starts or stops: clients go elsewhere.</summary>
    public bool IsOpen { get; private set; }

    public int ClientCount => _clients.Count;

    public void Open() => IsOpen = true;

    /// <summary>Tells the clients to send no more; answers still go out.</summary>
    public void Close()
    {
        IsOpen = false;
        foreach (var client in _clients.Values) client.Goodbye();
    }

    /// <summary>Completes when all clients have gone elsewhere: they do so once they have their answers.</summary>
    public async Task Drained(CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(silo.Caller.ResponseTimeout);
        try
        {
            while (!_clients.IsEmpty) await Task.Delay(20, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Who still waits for an answer after that long gets none.
        }
    }

    /// <summary>Whether this silo is a way to the client.</summary>
    public bool Has(GrainId client) => _clients.ContainsKey(client);

    /// <summary>The silo is gone.</summary>
    public void Drop()
    {
        foreach (var (id, client) in _clients)
        {
            if (_clients.TryRemove(id, out _)) client.Dropped();
        }
    }

    public async ValueTask Connect(GrainId client, IClientConnection connection)
    {
        if (!IsOpen) throw new Messaging.ConnectionFailedException($"The silo {silo.Address} takes no clients now.");
        _clients[client] = connection;
        await silo.Cluster.Clients.Register(client, silo.Address).ConfigureAwait(false);
    }

    public async ValueTask Disconnect(GrainId client, IClientConnection connection)
    {
        if (_clients.TryRemove(KeyValuePair.Create(client, connection))) await silo.Cluster.Clients.Unregister(client, silo.Address).ConfigureAwait(false);
    }

    /// <summary>A client's message enters the cluster here. What answers it comes back here; what it answers knows its way.</summary>
    public void Receive(Message message)
    {
        message.SendingSilo = silo.Address;
        if (message.IsCall || message.Kind == MessageKind.Cancel) message.TargetSilo = null;
        silo.Router.Send(message);
    }

    public void Deliver(Message message)
    {
        if (_clients.TryGetValue(ClientIds.OwnerOf(message.Target), out var client)) client.Send(message);
        else silo.Router.ClientGone(message);
    }
}

/// <summary>A client as its gateway sees it.</summary>
internal interface IClientConnection
{
    void Send(Message message);

    /// <summary>Send no more.</summary>
    void Goodbye();

    /// <summary>The connection is over.</summary>
    void Dropped();
}
