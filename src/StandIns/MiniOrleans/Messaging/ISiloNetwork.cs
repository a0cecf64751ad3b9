namespace Orleans.Runtime;

/// <summary>Takes messages to other silos, over one connection a pair, in order.</summary>
internal interface ISiloNetwork : IAsyncDisposable
{
    /// <summary>Begins to listen on the silo's endpoint, and the gateway's if it has one.</summary>
    /// <exception cref="OrleansConfigurationException">There is no secret, and an address is not a loopback one.</exception>
    Task Start(CancellationToken cancellation);

    /// <summary>
    /// Queues a message; never blocks and never throws. What cannot be delivered (refused, the queue full, the connection broken before it was
    /// written) comes back through <see cref="Router.Undelivered"/>; one that was written and gets no answer waits for its deadline, or for the silo's death.
    /// </summary>
    void Send(Message message, SiloAddress target);

    /// <summary>Asks that life of the silo for a sign of life, connecting if need be. Goes around what waits in the queues on both sides.</summary>
    /// <exception cref="Messaging.ConnectionFailedException">It cannot be reached, or another life of it answers.</exception>
    /// <exception cref="OrleansConfigurationException">It refuses for good: the secret, the cluster or the protocol differs.</exception>
    /// <exception cref="OperationCanceledException">No answer came before the token fired.</exception>
    Task Probe(SiloAddress target, CancellationToken cancellation);

    /// <summary>
    /// Tells all connected silos to send no more calls, and waits until they have taken in all that was sent to them before, and said that they send none. What they
    /// still send is served.
    /// </summary>
    Task Leave(CancellationToken cancellation);

    /// <summary>The silo is dead: its connection is closed, what waits for it comes back as unavailable, and nothing connects to it again.</summary>
    void Abandon(SiloAddress silo);
}

/// <summary>Why a message was not delivered.</summary>
internal enum UndeliveredReason
{
    /// <summary>The silo could not be reached, or too much waits for it.</summary>
    Unreachable = 0,

    /// <summary>The silo stops and takes no more: the grain is, or will be, elsewhere.</summary>
    Leaving = 1,

    /// <summary>The silo is dead.</summary>
    Dead = 2,
}
