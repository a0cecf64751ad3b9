using Orleans.Runtime.Messaging;

namespace Orleans.Runtime;

/// <summary>One life of another silo: the connection to it, and what waits until there is one.</summary>
internal sealed class Peer(SiloNetwork network, SiloAddress address)
{
    private readonly Lock _lock = new();
    private readonly Queue<Message> _waiting = new();
    private long _waitingBytes;
    private Link? _link;
    private Task<Link>? _connecting;
    private Exception? _failure;
    private int _failures;
    private long _retryAt;
    private bool _isLeaving;
    private bool _isDead;

    public SiloAddress Address => address;

    /// <summary>The connection, if there is one now.</summary>
    public Link? Current
    {
        get { lock (_lock) return _link; }
    }

    public bool IsDead
    {
        get { lock (_lock) return _isDead; }
    }

    public void Send(Message message)
    {
        UndeliveredReason reason;
        string why;
        lock (_lock)
        {
            if (TrySend_NeedsLock(message)) return;
            (reason, why) = _isDead ? (UndeliveredReason.Dead, "It is dead.")
                : _isLeaving && message.IsCall ? (UndeliveredReason.Leaving, "It stops.")
                : (UndeliveredReason.Unreachable, _link is null && _connecting is null && _failure is not null ? _failure.Message : "Too much waits for it.");
        }

        network.Undelivered(message, address, reason, why);
    }

    /// <summary>A connection, made if there is none.</summary>
    /// <exception cref="ConnectionFailedException">It cannot be reached.</exception>
    /// <exception cref="OrleansConfigurationException">It refuses for good.</exception>
    public Task<Link> Connected()
    {
        lock (_lock)
        {
            if (_isDead) return Task.FromException<Link>(new ConnectionFailedException($"The silo {address} is dead."));
            if (_link is { IsOver: false } link) return Task.FromResult(link);
            if (_connecting is null && _failure is not null && Environment.TickCount64 < _retryAt) return Task.FromException<Link>(_failure);
            return Connect_NeedsLock();
        }
    }

    /// <summary>The other silo has connected: that way serves in both directions, unless there is one already. False for a dead one.</summary>
    public bool Adopt(Link link)
    {
        List<Message> left;
        lock (_lock)
        {
            if (_isDead) return false;
            if (_link is { IsOver: false }) return true;
            left = Use_NeedsLock(link);
        }

        foreach (var message in left) Send(message);
        return true;
    }

    /// <summary>It wants no more calls.</summary>
    public void Leaves()
    {
        lock (_lock) _isLeaving = true;
    }

    /// <summary>A connection has ended: what it did not write goes back, answers go through the next one.</summary>
    public void Lost(Link link)
    {
        lock (_lock)
        {
            if (_link == link) _link = null;
        }

        foreach (var message in link.TakeUnwritten())
        {
            if (message.IsCall) network.Undelivered(message, address, IsDead ? UndeliveredReason.Dead : UndeliveredReason.Unreachable, link.Failure ?? "The connection ended.");
            else Send(message);
        }
    }

    public void Die()
    {
        Link? link;
        Message[] waiting;
        lock (_lock)
        {
            _isDead = true;
            (link, _link) = (_link, null);
            waiting = TakeWaiting_NeedsLock();
        }

        link?.Break("The silo is dead.");
        foreach (var message in waiting) network.Undelivered(message, address, UndeliveredReason.Dead, "It is dead.");
    }

    private bool TrySend_NeedsLock(Message message)
    {
        if (_isDead || (_isLeaving && message.IsCall)) return false;
        if (_link is { IsOver: false } link) return link.TrySend(message);
        if (_connecting is null && _failure is not null && Environment.TickCount64 < _retryAt) return false;
        if (_waiting.Count >= FrameBounds.Silo.Frames || (_waitingBytes > 0 && _waitingBytes + message.Body.Length > FrameBounds.Silo.Bytes)) return false;
        _waiting.Enqueue(message);
        _waitingBytes += message.Body.Length;
        _ = Connect_NeedsLock();
        return true;
    }

    private Task<Link> Connect_NeedsLock()
    {
        if (_connecting is { } running) return running;
        var connecting = Ambient.Without(() => Task.Run(ConnectAsync));
        _connecting = connecting;
        // Who waits for it hears of its failure; when nobody does, the messages that came back have told.
        _ = connecting.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return connecting;
    }

    private async Task<Link> ConnectAsync()
    {
        try
        {
            var link = await network.Dial(this).ConfigureAwait(false);
            List<Message> left;
            bool isDead;
            lock (_lock)
            {
                _connecting = null;
                isDead = _isDead;
                left = isDead ? [] : Use_NeedsLock(link);
            }

            if (isDead) link.Break("The silo is dead.");
            foreach (var message in left) Send(message);
            return link;
        }
        catch (Exception exception) when (exception is ConnectionFailedException or OrleansConfigurationException)
        {
            Failed(exception);
            throw;
        }
    }

    /// <summary>What waited goes first. Returns what the connection did not take.</summary>
    private List<Message> Use_NeedsLock(Link link)
    {
        (_link, _failure, _failures) = (link, null, 0);
        return [.. TakeWaiting_NeedsLock().SkipWhile(link.TrySend)];
    }

    private void Failed(Exception exception)
    {
        Message[] waiting;
        bool isFirst;
        lock (_lock)
        {
            isFirst = _failures == 0 && !_isDead;
            (_connecting, _failure) = (null, exception);
            var pause = Math.Min(NetworkTimes.LastRetry.TotalMilliseconds, NetworkTimes.FirstRetry.TotalMilliseconds * Math.Pow(2, Math.Min(_failures++, 16)));
            _retryAt = Environment.TickCount64 + (long)(pause * (0.75 + (Random.Shared.NextDouble() / 2)));
            waiting = _link is null ? TakeWaiting_NeedsLock() : [];
        }

        if (isFirst) network.NotReached(this, exception);
        foreach (var message in waiting) network.Undelivered(message, address, IsDead ? UndeliveredReason.Dead : UndeliveredReason.Unreachable, exception.Message);
    }

    private Message[] TakeWaiting_NeedsLock()
    {
        Message[] waiting = [.. _waiting];
        _waiting.Clear();
        _waitingBytes = 0;
        return waiting;
    }
}
