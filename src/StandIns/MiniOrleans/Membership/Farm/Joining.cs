using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>
/// How a silo comes into the cluster. It takes the place of earlier lives on its endpoint, and becomes active only when it reaches every active silo; those that
/// give no sign of life any more, and cannot be reached, are declared dead.
/// </summary>
internal sealed class Joining(SiloAddress self, SharedMembers members, ProbeExchange probes, ClusterMembershipOptions options, MembershipLog log, TimeProvider time)
{
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(2);

    /// <summary>Writes that the silo joins.</summary>
    /// <exception cref="OrleansConfigurationException">The table knows a later life of this endpoint: this machine's clock is behind.</exception>
    public async Task Enter(MembershipEntry entry, CancellationToken cancellation)
    {
        await members.Initialize(cancellation).ConfigureAwait(false);
        await ReplaceEarlierLives(cancellation).ConfigureAwait(false);
        await members.Change(
            data =>
            {
                Check(data);
                return data.Entries.Any(known => known.SiloAddress.Equals(self)) ? null : entry;
            },
            cancellation).ConfigureAwait(false);
        // When the answer to the insertion was lost, the row is there and the change above made nothing of it.
        members.Joined();
    }

    /// <summary>Waits until every active silo is reached, then writes that this one is active.</summary>
    /// <exception cref="OrleansException">They were not reached in time.</exception>
    /// <exception cref="OrleansConfigurationException">One of them refuses this silo for good: the secret differs, for example.</exception>
    public async Task BecomeActive(MembershipEntry entry, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var pauses = new BackOff(TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(2));
        while (true)
        {
            await members.Read(cancellation).ConfigureAwait(false);
            var unreached = await Unreached().ConfigureAwait(false);
            foreach (var silo in unreached.Where(IsGone).ToList())
            {
                await Declare(silo, cancellation).ConfigureAwait(false);
                unreached.Remove(silo);
            }

            if (unreached.Count == 0) break;
            log.JoinWaits(string.Join(", ", unreached));
            if (time.GetElapsedTime(began) > options.MaxJoinAttemptTime)
                throw new OrleansException($"The silo {self} did not reach {string.Join(", ", unreached)} within {options.MaxJoinAttemptTime}.");
            await Task.Delay(pauses.Next(), time, cancellation).ConfigureAwait(false);
        }

        var alive = await members.Change(data => data.Entries.Any(known => known.SiloAddress.Equals(self) && known.Status != SiloStatus.Dead) ? entry : null, cancellation).ConfigureAwait(false);
        if (!alive) throw new OrleansException($"The silo {self} was declared dead while it joined.");
    }

    private async Task<List<SiloAddress>> Unreached()
    {
        var others = members.Active.Where(silo => !silo.Equals(self)).ToList();
        var reached = await Task.WhenAll(others.Select(Reaches)).ConfigureAwait(false);
        return [.. others.Where((_, index) => !reached[index])];
    }

    private async Task<bool> Reaches(SiloAddress silo)
    {
        try
        {
            return await probes.Probe(silo, ProbeTime).ConfigureAwait(false);
        }
        catch (OrleansConfigurationException)
        {
            // It is not let in, which ends its start with this cause: that the others, which cannot talk to it either, bury it meanwhile is no news.
            members.LetGo();
            throw;
        }
    }

    // A time in the table that is old by this machine's clock may be the clock's fault, so even then one of the signs that a living silo writes is waited for.
    private bool IsGone(SiloAddress silo)
    {
        if (members.Known.Entries.FirstOrDefault(entry => entry.SiloAddress.Equals(silo)) is not { } entry) return false;
        var limit = options.IAmAliveTablePublishTimeout * options.NumMissedTableIAmAliveLimit;
        var looksOld = time.GetUtcNow().UtcDateTime - entry.IAmAliveTime > limit;
        return members.Signs.SilenceOf(silo) > (looksOld ? options.IAmAliveTablePublishTimeout * 1.5 : limit);
    }

    private async Task ReplaceEarlierLives(CancellationToken cancellation)
    {
        var data = await members.Read(cancellation).ConfigureAwait(false);
        Check(data);
        foreach (var earlier in data.Entries.Where(entry => entry.SiloAddress.Endpoint.Equals(self.Endpoint) && !entry.SiloAddress.Equals(self) && entry.Status != SiloStatus.Dead))
            await Declare(earlier.SiloAddress, cancellation).ConfigureAwait(false);
    }

    private Task<bool> Declare(SiloAddress silo, CancellationToken cancellation)
    {
        return members.Change(
            data => data.Entries.FirstOrDefault(entry => entry.SiloAddress.Equals(silo) && entry.Status != SiloStatus.Dead) is { } entry
                ? entry.With(SiloStatus.Dead, [.. entry.SuspectTimes ?? [], Tuple.Create(self, time.GetUtcNow().UtcDateTime)])
                : null,
            cancellation);
    }

    private void Check(MembershipTableData data)
    {
        if (data.Entries.Select(entry => entry.SiloAddress).FirstOrDefault(other => other.Endpoint.Equals(self.Endpoint) && other.Generation > self.Generation) is { } later)
            throw new OrleansConfigurationException(
                $"The silo {self} cannot join: the cluster knows a later life of its endpoint, {later}. Generations are start times, so the clock of this machine is behind what it was, or another process uses the endpoint.");
    }
}
