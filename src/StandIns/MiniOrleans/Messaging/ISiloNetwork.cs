namespace Orleans.Runtime;

/// <summary>Takes messages to silos of other processes, over one connection a pair, in order.</summary>
internal interface ISiloNetwork : IAsyncDisposable
{
    /// <summary>Begins to listen on the silo's endpoint (and the gateway's).</summary>
    Task Start(CancellationToken cancellation);

    /// <summary>
    /// Queues a message; never blocks and never throws. A request that cannot be delivered (refused, the queue full, the connection broken before it
    /// was written) comes back through the router as a rejection; one that was written and gets no answer waits for its deadline, or for the silo's death.
    /// </summary>
    void Send(Message message, SiloAddress target);

    /// <summary>The silo is dead: its connection is closed, what waits for it comes back as unavailable, and nothing connects to it again.</summary>
    void Abandon(SiloAddress silo);
}
