using System.Collections.Concurrent;

namespace Orleans.Runtime;

/// <summary>
/// Where clients are connected. Nobody keeps a list: a silo that needs a client asks all others, and remembers the answer as long as that silo lives and
/// messages get through. So nothing has to be repaired when silos or clients die.
/// </summary>
internal sealed class AskingClientDirectory(Silo silo) : IClientDirectory
{
    private readonly ConcurrentDictionary<GrainId, Task<SiloAddress?>> _known = new();

    /// <summary>Null when no silo has it.</summary>
    public async ValueTask<SiloAddress?> Lookup(GrainId client)
    {
        if (silo.HasClient(client)) return silo.Address;
        // Many messages to one client wait for one answer.
        var asking = _known.GetOrAdd(client, static (client, self) => Ambient.Without(() => Task.Run(() => self.Ask(client))), this);
        var found = await asking.ConfigureAwait(false);
        if (found is not null && silo.Membership.CurrentSnapshot.GetSiloStatus(found) is SiloStatus.Active) return found;
        _known.TryRemove(KeyValuePair.Create(client, asking));
        return found is null ? null : await Ask(client).ConfigureAwait(false);
    }

    // What this silo's own gateway has it knows by itself.
    public ValueTask Register(GrainId client, SiloAddress gateway)
    {
        _known.TryRemove(client, out _);
        return default;
    }

    /// <summary>The client was not found there: the next message asks again.</summary>
    public ValueTask Unregister(GrainId client, SiloAddress gateway)
    {
        if (_known.TryGetValue(client, out var asking) && asking.IsCompletedSuccessfully && gateway.Equals(asking.Result)) _known.TryRemove(KeyValuePair.Create(client, asking));
        return default;
    }

    public ValueTask UnregisterSilo(SiloAddress dead)
    {
        foreach (var entry in _known)
        {
            if (entry.Value.IsCompletedSuccessfully && dead.Equals(entry.Value.Result)) _known.TryRemove(entry);
        }

        return default;
    }

    private Task<SiloAddress?> Ask(GrainId client) => silo.WhichOther(other => other.HasClient(client));
}
