using Orleans.Concurrency;

namespace Orleans.Runtime;

/// <inheritdoc cref="IManagementGrain"/>
[GrainType("sys.management"), StatelessWorker(1), Reentrant]
internal sealed class ManagementGrain(Silo silo) : Grain, IManagementGrain
{
    private SiloAddress[] ActiveSilos => [.. silo.Membership.CurrentSnapshot.Active];

    public async Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false) =>
        (await GetDetailedHosts(onlyActive)).ToDictionary(host => host.SiloAddress, host => host.Status);

    public Task<MembershipEntry[]> GetDetailedHosts(bool onlyActive = false) =>
        Task.FromResult(silo.Membership.Entries.Where(entry => !onlyActive || entry.Status == SiloStatus.Active).ToArray());

    public Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics() => GetSimpleGrainStatistics(ActiveSilos);

    public async Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics(SiloAddress[] hostsIds) =>
        [.. (await GetDetailedGrainStatistics(null, hostsIds))
            .GroupBy(one => (one.GrainType, one.SiloAddress))
            .Select(group => new SimpleGrainStatistic { GrainType = group.Key.GrainType, SiloAddress = group.Key.SiloAddress, ActivationCount = group.Count() })];

    public Task<DetailedGrainStatistic[]> GetDetailedGrainStatistics(string[]? types = null, SiloAddress[]? hostsIds = null) =>
        Ask(hostsIds ?? ActiveSilos, control => control.GetStatistics(types));

    public async Task<int> GetTotalActivationCount() => (await GetDetailedGrainStatistics()).Length;

    public async Task<SiloRuntimeStatistics[]> GetRuntimeStatistics(SiloAddress[] hostsIds) =>
        await Task.WhenAll(hostsIds.Select(other => silo.ControlOf(other).GetRuntimeStatistics()));

    public async ValueTask<SiloAddress?> GetActivationAddress(IAddressable reference)
    {
        var address = await silo.Cluster.Directory.Lookup(reference.GetGrainId());
        return address is null || silo.Membership.CurrentSnapshot.GetSiloStatus(address) == SiloStatus.Dead ? null : address;
    }

    public async ValueTask<List<GrainId>> GetActiveGrains(GrainType type) => [.. await Ask(ActiveSilos, control => control.GetActiveGrains(type))];

    public Task ForceActivationCollection(TimeSpan ageLimit) => ForceActivationCollection(ActiveSilos, ageLimit);

    public Task ForceActivationCollection(SiloAddress[] hostsIds, TimeSpan ageLimit) => Task.WhenAll(hostsIds.Select(other => silo.ControlOf(other).Collect(ageLimit)));

    public Task ForceGarbageCollection(SiloAddress[] hostsIds) => Task.WhenAll(hostsIds.Select(other => silo.ControlOf(other).CollectGarbage()));

    private async Task<T[]> Ask<T>(SiloAddress[] silos, Func<ISiloControl, Task<T[]>> question)
    {
        var answers = await Task.WhenAll(silos.Select(other => AskOne(other, question)));
        return [.. answers.SelectMany(answer => answer)];
    }

    private async Task<T[]> AskOne<T>(SiloAddress other, Func<ISiloControl, Task<T[]>> question)
    {
        try
        {
            return await question(silo.ControlOf(other));
        }
        catch (OrleansMessageRejectionException) when (silo.Membership.CurrentSnapshot.GetSiloStatus(other) != SiloStatus.Active)
        {
            // It has gone meanwhile, and what it had with it.
            return [];
        }
    }
}
