using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>What the silos of one cluster share.</summary>
internal interface ICluster
{
    IMembershipTable Members { get; }

    IGrainDirectory Directory { get; }

    IClientDirectory Clients { get; }

    /// <summary>Messages wait for it: the silo's process was stopped for long, and it looks whether it still belongs to the cluster. Null when there is nothing to wait for.</summary>
    Task? HoldUp => null;

    /// <summary>What a memory storage provider keeps, lost with the cluster.</summary>
    MemoryStore StoreOf(string provider);

    /// <summary>What the in-memory reminder service keeps, lost with the cluster.</summary>
    MemoryReminders RemindersOf(string serviceId);
}

/// <summary>Who is, and was, in the cluster.</summary>
internal interface IMembershipTable
{
    /// <summary>Something was written. May come from any thread.</summary>
    event Action? Changed;

    ValueTask<(long Version, IReadOnlyList<MembershipEntry> Entries)> Read();

    /// <summary>Adds the silo or replaces what is known of it. Nobody comes back from the dead.</summary>
    ValueTask Write(MembershipEntry entry, CancellationToken cancellation = default);

    /// <summary>Until <see cref="Read"/> tells at least that version; without one, what there is now.</summary>
    ValueTask Refresh(MembershipVersion minimum, CancellationToken cancellation) => default;
}

/// <summary>Which silo has a grain's one activation.</summary>
internal interface IGrainDirectory
{
    ValueTask<SiloAddress?> Lookup(GrainId grain);

    /// <summary>The same, from the directory itself: what is remembered has proved wrong.</summary>
    ValueTask<SiloAddress?> LookupAnew(GrainId grain) => Lookup(grain);

    /// <summary>Where the grain was when it was last heard of; null when it is not known, or nothing is remembered.</summary>
    SiloAddress? Recall(GrainId grain) => null;

    /// <summary>
    /// The grain is nowhere, and that silo was chosen for it; returns the one to send to. The silo registers itself when it gets the first call, unless another was first.
    /// </summary>
    ValueTask<SiloAddress> Place(GrainId grain, SiloAddress silo) => Register(grain, silo);

    /// <summary>Registers unless another living silo is registered; returns who is.</summary>
    ValueTask<SiloAddress> Register(GrainId grain, SiloAddress silo);

    /// <summary>Takes the registration away if it is that silo's.</summary>
    ValueTask Unregister(GrainId grain, SiloAddress silo);

    /// <summary>Takes away all that a dead silo had.</summary>
    ValueTask UnregisterSilo(SiloAddress silo);

    /// <summary>The grain has answered from there, or from nowhere: what is remembered otherwise is wrong.</summary>
    void Heard(GrainId grain, SiloAddress? from)
    {
        // Whoever remembers nothing has nothing to correct.
    }
}

/// <summary>Through which silos a client is reached.</summary>
internal interface IClientDirectory
{
    ValueTask<SiloAddress?> Lookup(GrainId client);

    ValueTask Register(GrainId client, SiloAddress gateway);

    ValueTask Unregister(GrainId client, SiloAddress gateway);

    /// <summary>Takes away all that came in through a dead silo.</summary>
    ValueTask UnregisterSilo(SiloAddress silo);
}

/// <summary>Finds the cluster that a silo belongs to.</summary>
internal interface IClustering
{
    /// <exception cref="OrleansConfigurationException">There is none to be found.</exception>
    ICluster Join(string clusterId, SiloAddress silo);
}
