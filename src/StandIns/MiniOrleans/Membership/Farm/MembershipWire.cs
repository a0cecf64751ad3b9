using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>Membership messages among the messages of a silo.</summary>
internal sealed class MembershipWire(Silo silo) : IMembershipWire
{
    private static readonly GrainId Agent = GrainId.Create("sys.membership", "agent");

    private ISiloNetwork Network => silo.Network ?? throw new InvalidOperationException("A silo whose membership is shared needs a network.");

    public static MembershipMessage Read(Silo silo, Message message) => Slot<MembershipMessage>.Instance.Read(silo.Caller.Wire.Read(message.Body));

    public async Task<bool> Probe(SiloAddress target, TimeSpan timeout)
    {
        using var deadline = new CancellationTokenSource(timeout);
        try
        {
            await Network.Probe(target, deadline.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is Messaging.ConnectionFailedException or OperationCanceledException)
        {
            // That is the answer.
            return false;
        }
    }

    public void Send(SiloAddress target, MembershipMessage message) => Network.Send(
        new Message
        {
            Kind = MessageKind.Membership,
            Id = 0,
            Target = Agent,
            Sender = Agent,
            TargetSilo = target,
            SendingSilo = silo.Address,
            Body = silo.Caller.Wire.Write(writer => Slot<MembershipMessage>.Instance.Write(writer, message)),
        },
        target);
}
