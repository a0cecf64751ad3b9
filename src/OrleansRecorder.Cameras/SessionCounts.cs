namespace OrleansRecorder.Cameras;

/// <summary>Counts sessions; one counts from its PLAY to its end.</summary>
/// <param name="Playing">Sessions now.</param>
/// <param name="MostAtOnce">The most there have been at the same time.</param>
/// <param name="Started">All that have started.</param>
public sealed record SessionCounts(int Playing, int MostAtOnce, int Started)
{
    internal static SessionCounts None { get; } = new(0, 0, 0);

    internal SessionCounts Start() => new(Playing + 1, Math.Max(MostAtOnce, Playing + 1), Started + 1);

    internal SessionCounts End() => this with { Playing = Playing - 1 };

    internal SessionCounts Anew() => new(Playing, Playing, 0);
}
