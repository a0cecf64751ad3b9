namespace OrleansRecorder.FarmTests.FailOver;

/// <summary>What a test kills.</summary>
internal enum Victim
{
    /// <summary>A silo that CycleGrain is not on.</summary>
    Silo,

    /// <summary>The silo with CycleGrain.</summary>
    CycleHolder,

    /// <summary>One of the APIs.</summary>
    Api,

    /// <summary>The database server.</summary>
    PostgreSql,
}

/// <summary>One kill: when, of whom, and how soon what it did could be done again.</summary>
/// <param name="Victim">The kind of process.</param>
/// <param name="Name">The process.</param>
/// <param name="At">When it was dead, by the cameras' clock.</param>
/// <param name="Service">Until the farm served its users again: a read through the load balancer, and when the database was killed, from its return to a change.</param>
internal sealed record Kill(Victim Victim, string Name, DateTimeOffset At, TimeSpan Service)
{
    /// <summary>The captures that it ended, each until its camera was recorded again.</summary>
    public List<TimeSpan> Captures { get; } = [];
}
