namespace Orleans.Configuration;

/// <summary>How silos watch each other. Shorter times find the dead sooner, and take slow silos for dead more often.</summary>
public class ClusterMembershipOptions
{
    /// <summary>How long an answer to a probe may take; probes follow each other at this period. Default 5 s.</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The shortest that the adaptive probe timeout gets; null for half of <see cref="ProbeTimeout"/>.</summary>
    public TimeSpan? MinProbeTimeout { get; set; }

    /// <summary>The longest that the adaptive probe timeout gets; null for four times <see cref="ProbeTimeout"/>.</summary>
    public TimeSpan? MaxProbeTimeout { get; set; }

    /// <summary>After so many probes without an answer a silo is suspected. Default 3.</summary>
    public int NumMissedProbesLimit { get; set; } = 3;

    /// <summary>How many silos each silo watches. Default 10.</summary>
    public int NumProbedSilos { get; set; } = 10;

    /// <summary>How many silos must suspect one to declare it dead, or half of the living when they are fewer. Default 2.</summary>
    public int NumVotesForDeathDeclaration { get; set; } = 2;

    /// <summary>After so long a suspicion counts no more. Default 2 min.</summary>
    public TimeSpan DeathVoteExpirationTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How often the table is read without being told to. Default 60 s.</summary>
    public TimeSpan TableRefreshTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a silo writes that it is alive. Default 30 s.</summary>
    public TimeSpan IAmAliveTablePublishTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>After so many missing signs of life in the table a silo counts as stale. Default 3.</summary>
    public int NumMissedTableIAmAliveLimit { get; set; } = 3;

    /// <summary>The last missed probe goes through a third silo, whose failure counts as its vote. Default true.</summary>
    public bool EnableIndirectProbes { get; set; } = true;

    /// <summary>How long a silo tries to join. Default 5 min.</summary>
    public TimeSpan MaxJoinAttemptTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Dead silos are forgotten after this. Default 7 days.</summary>
    public TimeSpan? DefunctSiloExpiration { get; set; } = TimeSpan.FromDays(7);
}
