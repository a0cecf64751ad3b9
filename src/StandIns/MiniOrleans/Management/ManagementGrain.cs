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

    public async ValueTask<SiloAddress?> GetActivationAddress(IAddressable reference) => await silo.Cluster.Directory.Lookup(reference.GetGrainId());

    public async ValueTask<List<GrainId>> GetActiveGrains(GrainType type) => [.. await Ask(ActiveSilos, control => control.GetActiveGrains(type))];

    public Task ForceActivationCollection(TimeSpan ageLimit) => Task.WhenAll(ActiveSilos.Select(other => silo.ControlOf(other).Collect(ageLimit)));

    private async Task<T[]> Ask<T>(SiloAddress[] silos, Func<ISiloControl, Task<T[]>> question)
    {
        var answers = await Task.WhenAll(silos.Select(other => question(silo.ControlOf(other))));
        return [.. answers.SelectMany(answer => answer)];
    }
}
