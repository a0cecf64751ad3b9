using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>A client of another process, as its gateway sees it.</summary>
internal sealed class RemoteClient(Silo silo, Link link) : IClientConnection
{
    private readonly Wire _wire = silo.Caller.Wire;

    public async Task RunAsync()
    {
        try
        {
            using var deadline = new CancellationTokenSource(NetworkTimes.Handshake);
            var handshake = new Handshake(silo.Services.GetRequiredService<ClusterSecret>(), _wire, silo.Details.ClusterId);
            var accepted = await handshake.Accept(link, silo.Address.ToParsableString(), WhyNot, deadline.Token).ConfigureAwait(false);
            if (accepted is not null) await Serve(handshake, accepted).ConfigureAwait(false);
            else if (handshake.RefusedBecause is { } why) silo.Log.ConnectionRefused("client", why);
        }
        catch (Exception exception) when (Link.IsBreak(exception))
        {
            // The client is gone, or does not speak as it should: the connection ends, nothing else does.
        }
        finally
        {
            await link.EndAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Never waits: a client that does not read what it asked for loses the connection.</summary>
    public void Send(Message message)
    {
        if (!link.TrySend(message)) link.Break("The client reads too slowly: too much waits for it.");
    }

    public void Goodbye() => link.Send(FrameKind.Goodbye, default);

    public void Dropped() => link.Complete();

    private static string? WhyNot(string client) => GrainId.TryParse(client, out var id) && ClientIds.IsClient(id) ? null : "This is a gateway: it takes clients only.";

    private async Task Serve(Handshake handshake, Accepted accepted)
    {
        var client = GrainId.Parse(accepted.Other);
        try
        {
            await silo.Gateway.Connect(client, this).ConfigureAwait(false);
        }
        catch (OrleansException exception)
        {
            handshake.Refuse(link, Refusal.Now, exception.Message);
            return;
        }

        try
        {
            handshake.Welcome(link, accepted, _wire.Write(writer => Slot<GrainTypeMap.Entry[]>.Instance.Write(writer, [.. silo.Classes.Map.Entries])));
            await link.ServeAsync(silo.Gateway.Receive, static () => { }).ConfigureAwait(false);
        }
        finally
        {
            await silo.Gateway.Disconnect(client, this).ConfigureAwait(false);
        }
    }
}
