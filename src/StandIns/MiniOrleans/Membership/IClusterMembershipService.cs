namespace Orleans.Runtime;

/// <summary>Who is in the cluster.</summary>
public interface IClusterMembershipService
{
    /// <summary>What this silo knows now.</summary>
    ClusterMembershipSnapshot CurrentSnapshot { get; }

    /// <summary>The present state, then every later one.</summary>
    IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates { get; }

    /// <summary>Waits until at least that version is known.</summary>
    ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default);

    /// <summary>Declares a silo dead.</summary>
    Task<bool> TryKill(SiloAddress siloAddress);
}
