using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>
/// Watches other silos, those before which this one stands on the ring: probes each again and again, the last time through a third silo, and hands over who
/// does not answer. A probe that this silo itself was too slow for counts for nothing.
/// </summary>
internal sealed class SiloWatch(SiloAddress self, SharedMembers members, ProbeExchange probes, Func<TimeSpan, bool> wasHeldUp, Func<SiloAddress, SiloAddress?, Task> suspect, ClusterMembershipOptions options, MembershipLog log, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SiloAddress, CancellationTokenSource> _watched = [];
    private readonly HashSet<SiloAddress> _silent = [];
    private bool _over;

    private TimeSpan Period => options.MaxProbeTimeout is { } longest && longest < options.ProbeTimeout ? longest : options.ProbeTimeout;

    /// <summary>The members have changed.</summary>
    public void Update()
    {
        lock (_lock)
        {
            if (_over) return;
            var wanted = members.StatusOf(self) == SiloStatus.Active ? Chosen(self, members.Known.Entries, options.NumProbedSilos).ToHashSet() : [];
            foreach (var (silo, watching) in _watched.Where(watched => !wanted.Contains(watched.Key)).ToList())
            {
                _watched.Remove(silo);
                _silent.Remove(silo);
                watching.Cancel();
                watching.Dispose();
            }

            foreach (var silo in wanted)
            {
                if (_watched.ContainsKey(silo)) continue;
                var watching = _watched[silo] = new CancellationTokenSource();
                _ = WatchAsync(silo, watching.Token);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _over = true;
            foreach (var watching in _watched.Values)
            {
                watching.Cancel();
                watching.Dispose();
            }

            _watched.Clear();
        }
    }

    /// <summary>Whom a silo watches: each silo that is not dead is watched by the active ones that come before it on the ring, so many of them.</summary>
    internal static IEnumerable<SiloAddress> Chosen(SiloAddress watcher, IEnumerable<MembershipEntry> entries, int watchersOfEach)
    {
        var ring = entries.Where(entry => entry.Status is not (SiloStatus.Dead or SiloStatus.None or SiloStatus.Created))
            .OrderBy(entry => entry.SiloAddress.GetUniformHashCode()).ThenBy(entry => entry.SiloAddress).ToList();
        for (var i = 0; i < ring.Count; i++)
        {
            var before = Enumerable.Range(1, ring.Count - 1).Select(step => ring[(i + ring.Count - step) % ring.Count]).Where(entry => entry.Status == SiloStatus.Active);
            if (before.Take(watchersOfEach).Any(entry => entry.SiloAddress.Equals(watcher))) yield return ring[i].SiloAddress;
        }
    }

    private async Task WatchAsync(SiloAddress silo, CancellationToken over)
    {
        var missed = 0;
        try
        {
            while (true)
            {
                over.ThrowIfCancellationRequested();
                var started = time.GetTimestamp();
                var (answers, helper) = await Ask(silo, isLast: missed + 1 >= options.NumMissedProbesLimit).ConfigureAwait(false);
                over.ThrowIfCancellationRequested();
                var took = time.GetElapsedTime(started);
                if (answers)
                {
                    missed = 0;
                    Note(silo, isSilent: false);
                }
                else if (took > Period * 1.5 || wasHeldUp(Period))
                {
                    log.ProbeNotCounted(silo);
                }
                else
                {
                    missed++;
                    Note(silo, isSilent: true);
                    log.ProbeMissed(silo, missed);
                    if (missed >= options.NumMissedProbesLimit)
                    {
                        await TrySuspect(silo, helper).ConfigureAwait(false);
                        missed = options.NumMissedProbesLimit - 1;
                    }
                }

                if (Period - time.GetElapsedTime(started) is var rest && rest > TimeSpan.Zero) await Task.Delay(rest, time, over).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // It is dead, or somebody else's to watch.
        }
    }

    private async Task<(bool Answers, SiloAddress? Helper)> Ask(SiloAddress silo, bool isLast)
    {
        if (!isLast || !options.EnableIndirectProbes || Helper(silo) is not { } helper) return (await Answers(silo).ConfigureAwait(false), null);
        return await probes.ProbeThrough(helper, silo, Period).ConfigureAwait(false) switch
        {
            true => (true, null),
            false => (false, helper),
            null => (false, null),
        };
    }

    private async Task<bool> Answers(SiloAddress silo)
    {
        try
        {
            return await probes.Probe(silo, Period).ConfigureAwait(false);
        }
        catch (OrleansConfigurationException exception)
        {
            // Whoever refuses is alive; that the two cannot talk shows in every call between them.
            log.Refused(exception, silo);
            return true;
        }
    }

    private SiloAddress? Helper(SiloAddress subject)
    {
        lock (_lock)
        {
            SiloAddress[] others = [.. members.Active.Where(silo => !silo.Equals(self) && !silo.Equals(subject) && !_silent.Contains(silo))];
            return others.Length == 0 ? null : others[Random.Shared.Next(others.Length)];
        }
    }

    private void Note(SiloAddress silo, bool isSilent)
    {
        lock (_lock)
        {
            if (isSilent) _silent.Add(silo);
            else _silent.Remove(silo);
        }
    }

    private async Task TrySuspect(SiloAddress silo, SiloAddress? helper)
    {
        try
        {
            await suspect(silo, helper).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The table is out of reach or in dispute: nobody dies meanwhile, and the next missed probe votes again.
            log.VoteWaits(exception, silo);
        }
    }
}
