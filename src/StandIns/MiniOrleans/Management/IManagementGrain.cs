namespace Orleans.Runtime;

/// <summary>Questions about the whole cluster; key 0.</summary>
public interface IManagementGrain : IGrainWithIntegerKey
{
    /// <summary>The silos and their status.</summary>
    Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false);

    /// <summary>All that is kept of the silos.</summary>
    Task<MembershipEntry[]> GetDetailedHosts(bool onlyActive = false);

    /// <summary>Activations by class and silo.</summary>
    Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics();

    /// <summary>Activations by class, on these silos.</summary>
    Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics(SiloAddress[] hostsIds);

    /// <summary>Every activation; of these classes (<c>Namespace.Class,Assembly</c>), on these silos.</summary>
    Task<DetailedGrainStatistic[]> GetDetailedGrainStatistics(string[]? types = null, SiloAddress[]? hostsIds = null);

    /// <summary>Activations in all.</summary>
    Task<int> GetTotalActivationCount();

    /// <summary>The silo that a grain is active on; null when it is on none.</summary>
    ValueTask<SiloAddress?> GetActivationAddress(IAddressable reference);

    /// <summary>The active grains of a class.</summary>
    ValueTask<List<GrainId>> GetActiveGrains(GrainType type);

    /// <summary>How the silos are, in the order of <paramref name="hostsIds"/>.</summary>
    Task<SiloRuntimeStatistics[]> GetRuntimeStatistics(SiloAddress[] hostsIds);

    /// <summary>Deactivates what has been idle for so long.</summary>
    Task ForceActivationCollection(TimeSpan ageLimit);

    /// <summary>Deactivates what has been idle for so long, on these silos.</summary>
    Task ForceActivationCollection(SiloAddress[] hostsIds, TimeSpan ageLimit);

    /// <summary>Collects the garbage of these silos.</summary>
    Task ForceGarbageCollection(SiloAddress[] hostsIds);
}
