using System.Collections.Concurrent;

namespace Orleans.Runtime;

/// <summary>Asks silos whether they are there, by itself or through others, and asks for others.</summary>
internal sealed class ProbeExchange(IMembershipWire wire, TimeProvider time, Func<long> version, Func<bool> isHeldUp)
{
    /// <summary>The share of its asker's patience that a silo has for probing another one.</summary>
    private const double ShareOfHelper = 0.75;

    private readonly ConcurrentDictionary<long, TaskCompletionSource<bool?>> _waiting = new();
    private long _lastId;

    /// <summary>Whether the silo answers within the time.</summary>
    /// <exception cref="OrleansConfigurationException">It refuses this silo for good.</exception>
    public Task<bool> Probe(SiloAddress silo, TimeSpan timeout) => wire.Probe(silo, timeout);

    /// <summary>Whether another silo reaches it; null when the other one does not answer or cannot tell.</summary>
    public async Task<bool?> ProbeThrough(SiloAddress helper, SiloAddress silo, TimeSpan timeout)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<bool?>();
        _waiting[id] = answer;
        using (time.CreateTimer(static late => ((TaskCompletionSource<bool?>)late!).TrySetResult(null), answer, timeout, Timeout.InfiniteTimeSpan))
        {
            wire.Send(helper, new MembershipMessage(MembershipTopic.ProbeOther, id, version(), silo));
            var reached = await answer.Task.ConfigureAwait(false);
            _waiting.TryRemove(id, out _);
            return reached;
        }
    }

    /// <summary>A message has arrived; <paramref name="patience"/> is how long a probe for another silo may take its asker.</summary>
    public void Receive(SiloAddress from, MembershipMessage message, TimeSpan patience)
    {
        if (message is { Topic: MembershipTopic.ProbeOther, Subject: { } subject }) _ = ProbeFor(from, message, subject, patience * ShareOfHelper);
        else if (message.Topic == MembershipTopic.Answer && _waiting.TryRemove(message.Id, out var question)) question.TrySetResult(message.Reached);
    }

    private async Task ProbeFor(SiloAddress asker, MembershipMessage question, SiloAddress subject, TimeSpan timeout)
    {
        bool? reached;
        try
        {
            reached = await Probe(subject, timeout).ConfigureAwait(false) ? true : isHeldUp() ? null : false;
        }
        catch (OrleansConfigurationException)
        {
            // It answers, and refuses: that is this silo's trouble with it, and no sign of death.
            reached = null;
        }

        wire.Send(asker, new MembershipMessage(MembershipTopic.Answer, question.Id, version(), Reached: reached));
    }
}
