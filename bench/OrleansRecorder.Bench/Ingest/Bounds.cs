using System.Globalization;

namespace OrleansRecorder.Bench.Ingest;

/// <summary>One of the bounds that the ingest is to keep.</summary>
/// <param name="What">Of what.</param>
/// <param name="Measured">The figure.</param>
/// <param name="Most">What it may be at most.</param>
internal sealed record Bound(string What, double Measured, double Most)
{
    /// <summary>Whether it is kept.</summary>
    public bool IsHeld => Measured <= Most;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsHeld ? "held" : "MISSED")}: {What}: {Measured:0.000}, at most {Most:0.000}");
}

/// <summary>Which bounds there are.</summary>
internal static class Bounds
{
    /// <summary>All those that the figures suffice for.</summary>
    public static List<Bound> Of(List<Figures> figures, List<Holdings> churn)
    {
        var bounds = new List<Bound>();
        Figures? Find(int streams, int kilobits, Way way) => figures.Find(f => f.Load == new Load(streams, kilobits) && f.Way == way.Name);
        void Add(string what, double? measured, double most)
        {
            if (measured is { } value) bounds.Add(new Bound(what, value, most));
        }

        var (ours20, ours20x1, ours100, ours500, ours300x4) = (Find(20, 4000, Way.Ours), Find(20, 1000, Way.Ours), Find(100, 1000, Way.Ours), Find(500, 1000, Way.Ours), Find(300, 4000, Way.Ours));
        Add("CPU against ffmpeg, 20 × 4 Mb/s", ours20?.Cores / Find(20, 4000, Way.FFmpeg)?.Cores, 1.0 / 7);
        Add("CPU against ffmpeg, 100 × 1 Mb/s", ours100?.Cores / Find(100, 1000, Way.FFmpeg)?.Cores, 1.0 / 12);
        Add("CPU against the floor, 20 × 4 Mb/s", ours20?.Cores / Find(20, 4000, Way.Floor)?.Cores, 1.5);
        Add("cores, 500 × 1 Mb/s", ours500?.Cores, 0.3);
        Add("cores, 300 × 4 Mb/s", ours300x4?.Cores, 0.35);
        Add("CPU a stream, 500 × 1 Mb/s against 20 × 1 Mb/s", ours500?.CpuMs / ours20x1?.CpuMs, 1);
        Add("MB a stream more, 1 Mb/s", (ours500?.AnonymousMegabytes - ours20x1?.AnonymousMegabytes) / 480, 0.3);
        Add("MB a stream more, 4 Mb/s", (ours300x4?.AnonymousMegabytes - ours20?.AnonymousMegabytes) / 280, 0.9);
        Add("seconds from the start of 300 streams to all first fragments", Find(300, 1000, Way.Ours)?.WrittenMs.All / 1000, 2.5);
        foreach (var f in figures.Where(f => f.Way == Way.Ours.Name && f.Files is not null)) Add($"files that lack a frame, {f.Load.Name}", f.Load.Streams - f.Files!.Whole, 0);
        if (churn.Count < 2) return bounds;
        var (first, last) = (churn[0], churn[^1]);
        Add("threads more after the cycles", last.Threads - first.Threads, 2);
        Add("descriptors more after the cycles", last.Descriptors - first.Descriptors, 2);
        Add("sockets more after the cycles", last.Sockets - first.Sockets, 0);
        Add("MB more after the cycles", last.AnonymousMegabytes - first.AnonymousMegabytes, 8);
        return bounds;
    }
}
