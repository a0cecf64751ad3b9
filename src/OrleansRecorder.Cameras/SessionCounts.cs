namespace OrleansRecorder.Cameras;

/// <summary>Counts sessions; one counts from its PLAY to its end.</summary>
/// <param name="Playing">Sessions now.</param>
/// <param name="MostAtOnce">The most there have ever been at the same time.</param>
/// <param name="Started">All there have been.</param>
public sealed record SessionCounts(int Playing, int MostAtOnce, int Started)
{
    internal SessionCounts Start() => new(Playing + 1, Math.Max(MostAtOnce, Playing + 1), Started + 1);

    internal SessionCounts End() => this with { Playing = Playing - 1 };
}
