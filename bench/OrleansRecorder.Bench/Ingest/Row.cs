namespace OrleansRecorder.Bench.Ingest;

/// <summary>A load, and the ways that are measured under it.</summary>
/// <param name="Name">For the command line.</param>
/// <param name="Load">The load.</param>
/// <param name="Ways">In the order in which they are measured.</param>
internal sealed record Row(string Name, Load Load, Way[] Ways)
{
    /// <summary>The row that is none: connecting, recording and stopping, again and again.</summary>
    public const string Cycles = "cycles";

    /// <summary>All of them.</summary>
    public static readonly Row[] All =
    [
        new("20x4", new Load(20, 4000), [Way.FFmpeg, Way.Libavformat, Way.Ours, Way.Floor]),
        new("20x1", new Load(20, 1000), [Way.Ours]),
        new("100x1", new Load(100, 1000), [Way.FFmpeg, Way.Libavformat, Way.Ours, Way.Floor]),
        new("300x1", new Load(300, 1000), [Way.Ours]),
        new("500x1", new Load(500, 1000), [Way.Ours]),
        new("300x4", new Load(300, 4000), [Way.Ours]),
    ];

    /// <summary>The names of all, as the command line takes them.</summary>
    public static string Names => string.Join(',', All.Select(row => row.Name).Append(Cycles));
}
