using System.Collections.Concurrent;

namespace Orleans.Runtime.MembershipService.SiloMetadata;

/// <summary>Asks each silo once it is active.</summary>
internal sealed class SiloMetadataCache(SiloMetadata? local, Silo silo) : ISiloMetadataCache
{
    private readonly ConcurrentDictionary<SiloAddress, SiloMetadata> _known = new();

    public SiloMetadata GetSiloMetadata(SiloAddress siloAddress)
    {
        if (siloAddress.Equals(silo.Address)) return local ?? SiloMetadata.Empty;
        if (_known.TryGetValue(siloAddress, out var known)) return known;
        if (silo.Membership.CurrentSnapshot.GetSiloStatus(siloAddress) == SiloStatus.Active && _known.TryAdd(siloAddress, SiloMetadata.Empty)) _ = AskAsync(siloAddress);
        return SiloMetadata.Empty;
    }

    private async Task AskAsync(SiloAddress other)
    {
        try
        {
            _known[other] = await silo.ControlOf(other).GetMetadata().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Nothing is known then, and the next reader asks again.
            _known.TryRemove(other, out _);
        }
    }
}
