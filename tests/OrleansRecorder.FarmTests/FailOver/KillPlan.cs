namespace OrleansRecorder.FarmTests.FailOver;

/// <summary>Whom to kill, how long after the start of a cycle, and how long it stays dead: drawn from a seed.</summary>
/// <param name="Victim">The kind.</param>
/// <param name="After">From the moment that the test sees a cycle with everything alive.</param>
/// <param name="Down">Until its supervisor starts it again.</param>
/// <param name="Choice">Which one of several; 0 or more.</param>
internal sealed record KillPlan(Victim Victim, TimeSpan After, TimeSpan Down, int Choice)
{
    /// <summary>As many of each kind, in a random order.</summary>
    /// <param name="seed">Makes the same plan again.</param>
    /// <param name="each">Kills of each kind.</param>
    /// <param name="cycle">How long a cycle takes that nothing disturbs.</param>
    public static KillPlan[] Draw(int seed, int each, TimeSpan cycle)
    {
        var random = new Random(seed);
        var victims = Enumerable.Repeat(Enum.GetValues<Victim>(), each).SelectMany(all => all).ToArray();
        random.Shuffle(victims);
        return [.. victims.Select(victim => new KillPlan(victim, random.NextDouble() * cycle, DownOf(victim, random), random.Next(1000)))];
    }

    // A silo is back before the others take it for dead, or long after.
    private static TimeSpan DownOf(Victim victim, Random random) => victim switch
    {
        Victim.Api => TimeSpan.FromSeconds(1),
        Victim.PostgreSql => TimeSpan.FromSeconds(2 + (3 * random.NextDouble())),
        _ => TimeSpan.FromSeconds(1 + (9 * random.NextDouble())),
    };
}
