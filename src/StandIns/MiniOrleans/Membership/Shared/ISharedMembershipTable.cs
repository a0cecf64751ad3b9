using System.Net;

namespace Orleans.Runtime;

/// <summary>Membership in a database that all silos share. Every change names the version that it was decided on, and is refused when there is a newer one.</summary>
internal interface ISharedMembershipTable
{
    /// <summary>Loads the statements and creates the cluster's version row if it is the first. Any number of silos may do so at once.</summary>
    /// <exception cref="ArgumentException">A statement is missing.</exception>
    Task Initialize(CancellationToken cancellation);

    /// <summary>All members that are known, dead ones too, and the table's version.</summary>
    Task<MembershipTableData> ReadAll(CancellationToken cancellation);

    /// <summary>Adds a member; false when the version is not the table's any more, or the member is there.</summary>
    Task<bool> Insert(MembershipEntry entry, long version, CancellationToken cancellation);

    /// <summary>Writes status, suspicions and time of a member; false when the version is not the table's any more, or the member is not there.</summary>
    Task<bool> Update(MembershipEntry entry, long version, CancellationToken cancellation);

    /// <summary>The silo was alive at this time (UTC). Changes no version.</summary>
    Task UpdateIAmAlive(SiloAddress silo, DateTime time, CancellationToken cancellation);

    /// <summary>The gateways of the active silos.</summary>
    Task<IReadOnlyList<IPEndPoint>> ReadGateways(CancellationToken cancellation);

    /// <summary>Forgets dead members that were alive last before this time (UTC).</summary>
    Task CleanupDefunct(DateTime before, CancellationToken cancellation);
}

/// <summary>The table at one moment.</summary>
internal sealed record MembershipTableData(long Version, IReadOnlyList<MembershipEntry> Entries);
