using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.Messaging;

namespace Orleans.Runtime;

/// <inheritdoc cref="ISiloNetwork"/>
internal sealed class SiloNetwork(Silo silo, ClusterSecret secret, IOptions<SiloMessagingOptions> messaging) : ISiloNetwork
{
    /// <summary>Dead silos that are remembered, so that nothing connects to them again.</summary>
    private const int MaxDead = 1000;

    private readonly ConcurrentDictionary<SiloAddress, Peer> _peers = new();
    private readonly ConcurrentQueue<SiloAddress> _dead = new();
    private readonly ConcurrentDictionary<Link, Task> _links = new();
    private SiloListener? _listener;
    private volatile bool _isOver;

    /// <summary>The connections there are now.</summary>
    public IEnumerable<Link> Links => _links.Keys;

    private string Self => silo.Address.ToParsableString();

    public async Task Start(CancellationToken cancellation) => _listener = await SiloListener.Start(silo, AcceptAsync).ConfigureAwait(false);

    public void Send(Message message, SiloAddress target)
    {
        if (_isOver) Undelivered(message, target, UndeliveredReason.Unreachable, "This silo has stopped.");
        else PeerOf(target).Send(message);
    }

    public async Task Probe(SiloAddress target, CancellationToken cancellation)
    {
        if (target.Equals(silo.Address)) return;
        var link = await PeerOf(target).Connected().WaitAsync(cancellation).ConfigureAwait(false);
        await link.Ping(cancellation).ConfigureAwait(false);
    }

    public async Task Leave(CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(NetworkTimes.Leave);
        try
        {
            await Task.WhenAll(_links.Keys.Select(link => link.SayGoodbye(deadline.Token))).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A silo that hangs has not answered: what it still sends here is lost with it.
        }
    }

    public void Abandon(SiloAddress target)
    {
        if (target.Equals(silo.Address)) return;
        var peer = PeerOf(target);
        if (peer.IsDead) return;
        peer.Die();
        _dead.Enqueue(target);
        if (_dead.Count > MaxDead && _dead.TryDequeue(out var oldest)) _peers.TryRemove(oldest, out _);
    }

    public async ValueTask DisposeAsync()
    {
        _isOver = true;
        await Task.WhenAll(_links.Keys.Select(link => link.DisposeAsync().AsTask())).ConfigureAwait(false);
        if (_listener is not null) await _listener.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>A message could not be handed to a silo.</summary>
    public void Undelivered(Message message, SiloAddress target, UndeliveredReason reason, string why) => silo.Router.Undelivered(message, target, reason, why);

    /// <summary>The first of a row of attempts to connect has failed.</summary>
    public void NotReached(Peer peer, Exception exception) => silo.Log.SiloNotReached(peer.Address, exception.Message);

    /// <summary>Connects, and serves the connection until it is over.</summary>
    /// <exception cref="ConnectionFailedException">It cannot be reached.</exception>
    /// <exception cref="OrleansConfigurationException">It refuses for good.</exception>
    public async Task<Link> Dial(Peer peer)
    {
        if (_isOver) throw new ConnectionFailedException("This silo has stopped.");
        using var deadline = new CancellationTokenSource(NetworkTimes.Handshake);
        try
        {
            var dialer = await Dialer.Connect(peer.Address.Endpoint, SiloListener.SiloPath, deadline.Token).ConfigureAwait(false);
            var link = new Link(dialer.Input, dialer.Output, dialer.EndOutput, silo.Caller.Wire, messaging.Value.MaxMessageBodySize, FrameBounds.Silo);
            try
            {
                var handshake = new Handshake(secret, silo.Caller.Wire, silo.Details.ClusterId);
                await handshake.Connect(link, Self, peer.Address.ToParsableString(), deadline.Token).ConfigureAwait(false);
            }
            catch
            {
                await link.EndAsync().ConfigureAwait(false);
                dialer.Dispose();
                throw;
            }

            _ = ServeAsync(peer, link, dialer);
            return link;
        }
        catch (Exception exception) when (Link.IsBreak(exception))
        {
            var why = deadline.IsCancellationRequested ? "it does not answer" : exception.Message;
            throw new ConnectionFailedException($"The silo {peer.Address} cannot be reached: {why}", exception);
        }
    }

    private Peer PeerOf(SiloAddress address) => _peers.GetOrAdd(address, static (address, network) => new Peer(network, address), this);

    private async Task AcceptAsync(Link link)
    {
        try
        {
            using var deadline = new CancellationTokenSource(NetworkTimes.Handshake);
            var handshake = new Handshake(secret, silo.Caller.Wire, silo.Details.ClusterId);
            var accepted = await handshake.Accept(link, Self, WhyNot, deadline.Token).ConfigureAwait(false);
            if (accepted is null)
            {
                if (handshake.RefusedBecause is { } why) silo.Log.ConnectionRefused("silo", why);
                return;
            }

            handshake.Welcome(link, accepted, []);
            var peer = PeerOf(SiloAddress.FromParsableString(accepted.Other));
            if (peer.Adopt(link)) await ServeAsync(peer, link, null).ConfigureAwait(false);
        }
        catch (Exception exception) when (Link.IsBreak(exception))
        {
            // The other silo is gone, or does not speak as it should: the connection ends, nothing else does.
        }
        finally
        {
            await link.EndAsync().ConfigureAwait(false);
        }
    }

    private string? WhyNot(string other) => !SiloAddress.TryParse(other, out var address) ? "This is a silo's door: it takes silos only."
        : _isOver ? "This silo has stopped."
        : _peers.TryGetValue(address, out var peer) && peer.IsDead ? $"The silo {other} has been declared dead."
        : null;

    private async Task ServeAsync(Peer peer, Link link, Dialer? dialer)
    {
        var serving = Ambient.Without(() => link.ServeAsync(silo.Router.Arrived, peer.Leaves));
        _links[link] = serving;
        if (_isOver) link.Break("This silo has stopped.");
        await serving.ConfigureAwait(false);
        _links.TryRemove(link, out _);
        dialer?.Dispose();
        if (link.Failure is { } why && !_isOver && !peer.IsDead) silo.Log.ConnectionLost(peer.Address, why);
        peer.Lost(link);
    }
}
