namespace Orleans.Runtime;

/// <summary>Takes the messages of one silo to their activations, silos and clients.</summary>
internal sealed class Router(Silo silo, int maxForwardCount) : IMessageSender
{
    private int _underWay;

    public void Send(Message message)
    {
        message.SendingSilo ??= silo.Address;
        if (silo.Cluster.HoldUp is { IsCompleted: false } holdUp)
        {
            After(holdUp, () => Send(message));
            return;
        }

        if (silo.Status == SiloStatus.Dead)
        {
            if (message.Kind == MessageKind.Request) silo.Caller.Complete(message.Answer(MessageKind.Unavailable, Wire.WriteText($"The silo {silo.Address} has stopped.")));
            return;
        }

        if (message.TargetSilo is { } known)
        {
            Transmit(message, known);
            return;
        }

        var routing = RouteAsync(message);
        if (!routing.IsCompletedSuccessfully) _ = ObserveAsync(routing, message);
    }

    /// <summary>A message has arrived at this silo.</summary>
    public void Receive(Message message)
    {
        if (message.Kind == MessageKind.Membership)
        {
            if (message.SendingSilo is { } from) (silo.Cluster as FarmCluster)?.Receive(from, MembershipWire.Read(silo, message));
            return;
        }

        if (silo.Cluster.HoldUp is { IsCompleted: false } holdUp)
        {
            After(holdUp, () => Receive(message));
            return;
        }

        if (message.Kind is MessageKind.Result or MessageKind.Error) silo.Cluster.Directory.Heard(message.Sender, message.SendingSilo);
        else if (message.Kind is MessageKind.Rejection or MessageKind.Unavailable) silo.Cluster.Directory.Heard(message.Sender, from: null);
        if (message.IsCall)
        {
            if (ClientIds.IsClient(message.Target)) DeliverToClient(message);
            else if (silo.Classes.Find(message.Target.Type) is { } grainClass) silo.Catalog.Dispatch(message, grainClass);
            else Reject(message, $"This silo has no grain class \"{message.Target.Type}\".");
        }
        else if (message.Kind == MessageKind.Cancel)
        {
            silo.Catalog.Cancel(message);
        }
        else if (ClientIds.IsClient(message.Target) && message.Target != silo.Caller.Self)
        {
            silo.Gateway.Deliver(message);
        }
        else
        {
            silo.Caller.Complete(message);
        }
    }

    /// <summary>A message has arrived from another process: whatever it is, the connection that brought it goes on.</summary>
    public void Arrived(Message message)
    {
        try
        {
            Receive(message);
        }
        catch (Exception exception)
        {
            silo.Log.MessageFailed(exception, message.Target);
            Reject(message, $"It could not be taken in: {exception.Message}");
        }
    }

    /// <summary>The message could not be handed to the silo.</summary>
    public void Undelivered(Message message, SiloAddress target, UndeliveredReason reason, string why)
    {
        if (reason == UndeliveredReason.Leaving && ++message.ForwardCount <= maxForwardCount) _ = ObserveAsync(RerouteAsync(message, target), message);
        else if (reason == UndeliveredReason.Dead && message.Kind == MessageKind.Request) Send(message.Answer(MessageKind.Unavailable, Wire.WriteText($"The silo {target} is dead.")));
        else if (message.IsCall) Reject(message, $"The silo {target} cannot be reached: {why}");
        else silo.Log.AnswerDropped(message.Target, target, why);
    }

    /// <summary>Completes when no message of this silo is looking for its way.</summary>
    public async Task Quiet(CancellationToken cancellation)
    {
        while (Volatile.Read(ref _underWay) > 0) await Task.Delay(10, cancellation).ConfigureAwait(false);
    }

    /// <summary>The message found no activation here that takes it: it goes where the grain is now, or will be.</summary>
    /// <param name="message">A call.</param>
    /// <param name="anew">What this silo remembers of the grain does not count.</param>
    public void Reroute(Message message, bool anew = false)
    {
        if (++message.ForwardCount > maxForwardCount)
        {
            Reject(message, $"The grain {message.Target} was not found after {maxForwardCount} attempts.");
            return;
        }

        _ = ObserveAsync(RerouteAsync(message, anew), message);
    }

    /// <summary>A message has come here for a client that is not here any more: it may be elsewhere, or the silo that sent it here must ask anew.</summary>
    public void ClientGone(Message message)
    {
        if (message.IsCall && ++message.ForwardCount <= maxForwardCount) _ = ObserveAsync(RouteAsync(message), message);
        else Reject(message, "The client is not connected.");
    }

    public void Reject(Message message, string why)
    {
        if (message.Kind == MessageKind.Request) Send(message.Answer(MessageKind.Rejection, Wire.WriteText(why)));
        else if (message.Kind == MessageKind.OneWay) silo.Log.MessageDropped(message.Target, why);
    }

    /// <summary>Registers this silo for the grain; false when another one has it.</summary>
    public async ValueTask<bool> TryClaim(GrainId grain) => (await silo.Cluster.Directory.Register(grain, silo.Address)).Equals(silo.Address);

    private static void After(Task holdUp, Action go) => _ = Ambient.Without(() => holdUp.ContinueWith(_ => go(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default));

    /// <summary>The silo that stops has ended the grain's activation, or never had one.</summary>
    private async ValueTask RerouteAsync(Message message, SiloAddress leaving)
    {
        await silo.Cluster.Directory.Unregister(message.Target, leaving).ConfigureAwait(false);
        await RouteAsync(message).ConfigureAwait(false);
    }

    private async ValueTask RerouteAsync(Message message, bool anew)
    {
        if (!silo.AcceptsActivations && silo.Catalog.Find(message.Target) is null) await silo.Cluster.Directory.Unregister(message.Target, silo.Address).ConfigureAwait(false);
        await RouteAsync(message, anew).ConfigureAwait(false);
    }

    private async Task ObserveAsync(ValueTask routing, Message message)
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            await routing.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (message.Kind == MessageKind.Request) Send(message.Answer(MessageKind.Error, silo.Caller.Wire.WriteException(exception)));
            else silo.Log.MessageDropped(message.Target, exception.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private async ValueTask RouteAsync(Message message, bool anew = false)
    {
        if (ClientIds.IsClient(message.Target))
        {
            var owner = ClientIds.OwnerOf(message.Target);
            var gateway = owner == silo.Caller.Self ? silo.Address : await silo.Cluster.Clients.Lookup(owner).ConfigureAwait(false);
            if (gateway is not null) Transmit(message, gateway);
            else Reject(message, $"The client {owner} is not connected.");
            return;
        }

        var grainClass = silo.Classes.Find(message.Target.Type) ?? throw new OrleansMessageRejectionException($"There is no grain class \"{message.Target.Type}\".");
        var target = message.Kind == MessageKind.Cancel
            ? await silo.Placement.Find(message, grainClass).ConfigureAwait(false)
            : await silo.Placement.FindOrPlace(message, grainClass, anew).ConfigureAwait(false);
        if (target is not null) Transmit(message, target);
    }

    private void Transmit(Message message, SiloAddress target)
    {
        message.TargetSilo = target;
        if (target.Equals(silo.Address)) Receive(message);
        else if (silo.Network is { } network) network.Send(message, target);
        else if (LocalSilos.Find(target) is { } other) other.Router.Receive(message);
        else Reject(message, $"The silo {target} cannot be reached.");
    }

    private void DeliverToClient(Message message)
    {
        if (ClientIds.OwnerOf(message.Target) == silo.Caller.Self) silo.Caller.Observers.Deliver(message, Send);
        else silo.Gateway.Deliver(message);
    }
}
