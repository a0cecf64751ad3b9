using Orleans.Statistics;

namespace Orleans.Runtime;

/// <summary>How many activations of a class a silo has.</summary>
[GenerateSerializer]
public sealed class SimpleGrainStatistic
{
    /// <summary><c>Namespace.Class,Assembly</c>.</summary>
    [Id(0)] public string GrainType { get; set; } = "";

    /// <summary>The silo.</summary>
    [Id(1)] public SiloAddress SiloAddress { get; set; } = SiloAddress.Zero;

    /// <summary>How many.</summary>
    [Id(2)] public int ActivationCount { get; set; }
}

/// <summary>One activation.</summary>
[GenerateSerializer]
public sealed class DetailedGrainStatistic
{
    /// <summary><c>Namespace.Class,Assembly</c>.</summary>
    [Id(0)] public string GrainType { get; set; } = "";

    /// <summary>The silo.</summary>
    [Id(1)] public SiloAddress SiloAddress { get; set; } = SiloAddress.Zero;

    /// <summary>The grain.</summary>
    [Id(2)] public GrainId GrainId { get; set; }
}

/// <summary>How a silo is at one moment.</summary>
[GenerateSerializer, Immutable]
public sealed class SiloRuntimeStatistics
{
    internal SiloRuntimeStatistics(int activations, int recentlyUsed, long clients, EnvironmentStatistics environment, DateTime now)
    {
        ActivationCount = activations;
        RecentlyUsedActivationCount = recentlyUsed;
        ClientCount = clients;
        EnvironmentStatistics = environment;
        DateTime = now;
    }

    /// <summary>Activations in all.</summary>
    [Id(0)] public int ActivationCount { get; }

    /// <summary>Those that were used in the last ten minutes.</summary>
    [Id(1)] public int RecentlyUsedActivationCount { get; }

    /// <summary>Refuses work: never, with this engine.</summary>
    [Id(2)] public bool IsOverloaded { get; }

    /// <summary>Clients that are connected to its gateway.</summary>
    [Id(3)] public long ClientCount { get; }

    /// <summary>When (UTC).</summary>
    [Id(4)] public DateTime DateTime { get; }

    /// <summary>Its machine.</summary>
    [Id(5)] public EnvironmentStatistics EnvironmentStatistics { get; }
}
