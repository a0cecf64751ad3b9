using System.Collections.Concurrent;

namespace Orleans.Runtime;

/// <summary>
/// The directory in the database behind what this silo remembers of it: a call for a known activation asks nobody, and works while the database is away.
/// What is remembered may be wrong, since the silo that is asked then sends the call on, and the answer tells where the grain is.
/// What is not known while the database is away is asked of the other silos: who has the activation says so.
/// </summary>
/// <param name="shared">The directory in the database.</param>
/// <param name="search">Asks the silos who has the grain's activation; null: none that answers.</param>
/// <param name="log">Says what could not be cleared.</param>
internal sealed class RememberingDirectory(IGrainDirectory shared, Func<GrainId, Task<SiloAddress?>> search, MembershipLog log) : IGrainDirectory
{
    private const int MaxRemembered = 1_000_000;
    private const int MaxAttempts = 8;
    private readonly ConcurrentDictionary<GrainId, SiloAddress> _known = new();
    private int _remembered;
    private volatile bool _isAway;

    public async ValueTask<SiloAddress?> Lookup(GrainId grain)
    {
        if (Recall(grain) is { } known) return known;
        return await LookupAnew(grain).ConfigureAwait(false);
    }

    public async ValueTask<SiloAddress?> LookupAnew(GrainId grain)
    {
        var found = await Find(grain).ConfigureAwait(false);
        if (found is not null) Remember(grain, found);
        return found;
    }

    public SiloAddress? Recall(GrainId grain) => _known.GetValueOrDefault(grain);

    /// <summary>Costs no question. Calls of this silo that follow go the same way, whichever silo turns out to have the grain.</summary>
    public ValueTask<SiloAddress> Place(GrainId grain, SiloAddress silo)
    {
        if (Recall(grain) is { } known) return new(known);
        Remember(grain, silo);
        return new(silo);
    }

    public async ValueTask<SiloAddress> Register(GrainId grain, SiloAddress silo)
    {
        var registered = await Ask(() => shared.Register(grain, silo)).ConfigureAwait(false);
        Remember(grain, registered);
        return registered;
    }

    public async ValueTask Unregister(GrainId grain, SiloAddress silo)
    {
        Forget(grain, silo);
        await Ask(async () =>
        {
            await shared.Unregister(grain, silo).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
        // A lookup meanwhile may have found the row that has just gone.
        Forget(grain, silo);
    }

    /// <summary>Forgets what was there; the rows are cleared by the one silo that wrote the death.</summary>
    public ValueTask UnregisterSilo(SiloAddress silo)
    {
        foreach (var (grain, where) in _known)
        {
            if (where.Equals(silo)) Forget(grain, silo);
        }

        return default;
    }

    public void Heard(GrainId grain, SiloAddress? from)
    {
        if (!_known.TryGetValue(grain, out var known) || known.Equals(from)) return;
        if (from is null) Forget(grain, known);
        else _known.TryUpdate(grain, from, known);
    }

    /// <summary>Removes the rows of a dead silo. They harm nobody, so the attempts have an end.</summary>
    public async Task ClearAsync(SiloAddress silo)
    {
        var pauses = new BackOff(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10));
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await shared.UnregisterSilo(silo).ConfigureAwait(false);
                return;
            }
            catch (Exception exception)
            {
                // A row of a dead silo counts for nothing; it is replaced when its grain is needed.
                if (attempt == MaxAttempts)
                {
                    log.NotCleared(exception, silo);
                    return;
                }

                await Task.Delay(pauses.Next()).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<SiloAddress?> Find(GrainId grain)
    {
        // A database that hangs costs seconds a question: the silos come first until it has answered again.
        if (_isAway && await search(grain).ConfigureAwait(false) is { } found) return found;
        var knewItWasAway = _isAway;
        try
        {
            return await Ask(() => shared.Lookup(grain)).ConfigureAwait(false);
        }
        catch (OrleansMessageRejectionException) when (!knewItWasAway)
        {
            if (await search(grain).ConfigureAwait(false) is { } holder) return holder;
            throw;
        }
    }

    // Callers elsewhere know no driver's exceptions, and may try again.
    private async ValueTask<T> Ask<T>(Func<ValueTask<T>> question)
    {
        try
        {
            var answer = await question().ConfigureAwait(false);
            _isAway = false;
            return answer;
        }
        catch (Exception exception) when (exception is not OrleansException)
        {
            _isAway = true;
            throw new OrleansMessageRejectionException($"The grain directory cannot be reached: {exception.Message}");
        }
    }

    private void Forget(GrainId grain, SiloAddress silo) => _known.TryRemove(KeyValuePair.Create(grain, silo));

    private void Remember(GrainId grain, SiloAddress silo)
    {
        // Counted roughly: what is replaced counts too.
        if (Interlocked.Increment(ref _remembered) > MaxRemembered)
        {
            _known.Clear();
            Volatile.Write(ref _remembered, 0);
        }

        _known[grain] = silo;
    }
}
