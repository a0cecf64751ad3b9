namespace Orleans.Runtime;

/// <summary>An open way into the cluster.</summary>
internal interface IGatewayConnection : IAsyncDisposable
{
    /// <summary>Which grain class serves which interface.</summary>
    GrainTypeMap Map { get; }

    /// <summary>Takes requests. False once the gateway has said goodbye; answers may still come.</summary>
    bool IsOpen { get; }

    /// <summary>Neither requests nor answers any more.</summary>
    bool IsOver { get; }

    /// <summary>False when the message was not taken: the connection is over, or too much waits.</summary>
    bool Send(Message message);

    /// <summary>Completes when the gateway has answered.</summary>
    /// <exception cref="Messaging.ConnectionFailedException">The connection ended first.</exception>
    Task Ping(CancellationToken cancellation);

    /// <summary>What was taken and never written, once it is over.</summary>
    IReadOnlyList<Message> TakeUnwritten();
}
