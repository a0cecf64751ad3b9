using System.Collections.Concurrent;

namespace Orleans.Runtime.MembershipService.SiloMetadata;

/// <summary>Asks each silo once it is active, again until it answers. Made when the silo starts: a placement on its last way out has no time to ask.</summary>
internal sealed class SiloMetadataCache : ISiloMetadataCache, IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<SiloAddress, SiloMetadata> _known = new();
    private readonly SiloMetadata? _local;
    private readonly Silo _silo;

    public SiloMetadataCache(SiloMetadata? local, Silo silo)
    {
        _local = local;
        _silo = silo;
        silo.Membership.Updated += OnMembersChanged;
        OnMembersChanged(silo.Membership.CurrentSnapshot, silo.Membership.CurrentSnapshot);
    }

    public SiloMetadata GetSiloMetadata(SiloAddress siloAddress) =>
        siloAddress.Equals(_silo.Address) ? _local ?? SiloMetadata.Empty : _known.GetValueOrDefault(siloAddress, SiloMetadata.Empty);

    public void Dispose() => _silo.Membership.Updated -= OnMembersChanged;

    private void OnMembersChanged(ClusterMembershipSnapshot before, ClusterMembershipSnapshot now)
    {
        foreach (var member in now.Members.Values)
        {
            if (member.Status == SiloStatus.Dead) _known.TryRemove(member.SiloAddress, out _);
            else if (member.Status == SiloStatus.Active && !member.SiloAddress.Equals(_silo.Address) && _known.TryAdd(member.SiloAddress, SiloMetadata.Empty)) _ = AskAsync(member.SiloAddress);
        }
    }

    private async Task AskAsync(SiloAddress other)
    {
        await Task.Yield();
        var pauses = new BackOff(FirstPause, LongestPause);
        while (_silo.Status != SiloStatus.Dead && _known.ContainsKey(other))
        {
            try
            {
                _known.TryUpdate(other, await _silo.ControlOf(other).GetMetadata().ConfigureAwait(false), SiloMetadata.Empty);
                return;
            }
            catch (Exception)
            {
                // Nothing is known of it until it answers; when it is dead it is not asked any more.
                await Task.Delay(pauses.Next()).ConfigureAwait(false);
            }
        }
    }
}
