using System.Collections.Immutable;

namespace Orleans.Runtime;

/// <summary>The members at one version.</summary>
public sealed class ClusterMembershipSnapshot
{
    internal ClusterMembershipSnapshot(ImmutableDictionary<SiloAddress, ClusterMember> members, MembershipVersion version)
    {
        Members = members;
        Version = version;
    }

    /// <summary>All of them, the dead too.</summary>
    public ImmutableDictionary<SiloAddress, ClusterMember> Members { get; }

    /// <summary>Which version.</summary>
    public MembershipVersion Version { get; }

    /// <summary>None for an unknown silo; Dead when a newer one has its endpoint.</summary>
    public SiloStatus GetSiloStatus(SiloAddress silo)
    {
        if (Members.TryGetValue(silo, out var member)) return member.Status;
        return Members.Keys.Any(other => other.Endpoint.Equals(silo.Endpoint) && other.Generation > silo.Generation) ? SiloStatus.Dead : SiloStatus.None;
    }

    internal IEnumerable<SiloAddress> Active => Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress);
}

/// <summary>A silo in the cluster.</summary>
public sealed class ClusterMember
{
    internal ClusterMember(SiloAddress siloAddress, SiloStatus status, string name)
    {
        SiloAddress = siloAddress;
        Status = status;
        Name = name;
    }

    /// <summary>Its address.</summary>
    public SiloAddress SiloAddress { get; }

    /// <summary>Its status.</summary>
    public SiloStatus Status { get; }

    /// <summary>Its configured name.</summary>
    public string Name { get; }
}
