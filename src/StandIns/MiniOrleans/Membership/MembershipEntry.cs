namespace Orleans;

/// <summary>All that is kept of a silo.</summary>
[GenerateSerializer]
public sealed class MembershipEntry
{
    /// <summary>Its address.</summary>
    [Id(0)] public SiloAddress SiloAddress { get; set; } = SiloAddress.Zero;

    /// <summary>Its status.</summary>
    [Id(1)] public SiloStatus Status { get; set; }

    /// <summary>Its configured name.</summary>
    [Id(2)] public string SiloName { get; set; } = "";

    /// <summary>Its machine.</summary>
    [Id(3)] public string HostName { get; set; } = "";

    /// <summary>Where clients reach it; 0 for nowhere.</summary>
    [Id(4)] public int ProxyPort { get; set; }

    /// <summary>When it started (UTC).</summary>
    [Id(5)] public DateTime StartTime { get; set; }

    /// <summary>When it was last heard of (UTC).</summary>
    [Id(6)] public DateTime IAmAliveTime { get; set; }

    /// <summary>Who suspects it to be dead, and since when (UTC); null for nobody.</summary>
    [Id(7)] public List<Tuple<SiloAddress, DateTime>>? SuspectTimes { get; set; }

    /// <summary>Its role; not kept in a database.</summary>
    [Id(8)] public string? RoleName { get; set; }

    /// <summary>The same silo in another status, with these suspicions.</summary>
    internal MembershipEntry With(SiloStatus status, List<Tuple<SiloAddress, DateTime>>? suspectTimes) => new()
    {
        SiloAddress = SiloAddress,
        Status = status,
        SiloName = SiloName,
        HostName = HostName,
        ProxyPort = ProxyPort,
        StartTime = StartTime,
        IAmAliveTime = IAmAliveTime,
        SuspectTimes = suspectTimes,
        RoleName = RoleName,
    };
}
