using System.Globalization;

namespace OrleansRecorder.Bench.Ingest;

/// <summary>One of the bounds that the ingest is to keep.</summary>
/// <param name="What">Of what.</param>
/// <param name="Measured">The figure, or null when there is none.</param>
/// <param name="Most">What it may be at most.</param>
/// <param name="IsWanted">Whether the figure was asked for: it must be there then.</param>
internal sealed record Bound(string What, double? Measured, double Most, bool IsWanted)
{
    /// <summary>Whether it is kept, as far as it was asked for.</summary>
    public bool IsHeld => Measured is { } measured ? measured <= Most : !IsWanted;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(!IsHeld ? "MISSED" : Measured is null ? "not measured" : "held")}: {What}: {(Measured is { } measured ? $"{measured:0.000}, " : IsWanted ? "there is no figure, " : "")}at most {Most:0.000}");
}

/// <summary>Which bounds there are.</summary>
internal static class Bounds
{
    /// <summary>All of them, those that nothing was measured for too.</summary>
    /// <param name="figures">Of all rows.</param>
    /// <param name="churn">What the process of the cycles held, look by look.</param>
    /// <param name="window">What was to be measured.</param>
    public static List<Bound> Of(List<Figures> figures, List<Holdings> churn, Window window)
    {
        var bounds = new List<Bound>();
        Asked Find(int streams, int kilobits, Way way)
        {
            var load = new Load(streams, kilobits);
            return new Asked(figures.Find(f => f.Load == load && f.Way == way.Name), window.Has(load, way));
        }

        void Add(string what, double? measured, double most, params ReadOnlySpan<Asked> of)
        {
            var isWanted = true;
            foreach (var asked in of) isWanted &= asked.IsWanted;
            bounds.Add(new Bound(what, measured, most, isWanted));
        }

        var (ours20, ours20x1, ours100, ours500, ours300x4) = (Find(20, 4000, Way.Ours), Find(20, 1000, Way.Ours), Find(100, 1000, Way.Ours), Find(500, 1000, Way.Ours), Find(300, 4000, Way.Ours));
        var (ours300, ffmpeg20, ffmpeg100, floor20) = (Find(300, 1000, Way.Ours), Find(20, 4000, Way.FFmpeg), Find(100, 1000, Way.FFmpeg), Find(20, 4000, Way.Floor));
        Add("CPU against ffmpeg, 20 × 4 Mb/s", ours20.Figures?.Cores / ffmpeg20.Figures?.Cores, 1.0 / 7, ours20, ffmpeg20);
        Add("CPU against ffmpeg, 100 × 1 Mb/s", ours100.Figures?.Cores / ffmpeg100.Figures?.Cores, 1.0 / 12, ours100, ffmpeg100);
        Add("CPU against the floor, 20 × 4 Mb/s", ours20.Figures?.Cores / floor20.Figures?.Cores, 1.5, ours20, floor20);
        Add("cores, 500 × 1 Mb/s", ours500.Figures?.Cores, 0.3, ours500);
        Add("cores, 300 × 4 Mb/s", ours300x4.Figures?.Cores, 0.35, ours300x4);
        // None at all would mean that they have another name now.
        Add("ingest threads, 300 × 4 Mb/s", ours300x4.Figures?.IngestThreads is > 0 and var threads ? threads : null, 1, ours300x4);
        Add("CPU a stream, 500 × 1 Mb/s against 20 × 1 Mb/s", ours500.Figures?.CpuMs / ours20x1.Figures?.CpuMs, 1, ours500, ours20x1);
        Add("MB a stream more, 1 Mb/s", (ours500.Figures?.AnonymousMegabytes - ours20x1.Figures?.AnonymousMegabytes) / 480, 0.3, ours500, ours20x1);
        Add("MB a stream more, 4 Mb/s", (ours300x4.Figures?.AnonymousMegabytes - ours20.Figures?.AnonymousMegabytes) / 280, 0.9, ours300x4, ours20);
        Add("seconds from the start of 300 streams to all first fragments", ours300.Figures?.WrittenMs.All is > 0 and var written ? written / 1000 : null, 2.5, ours300);
        foreach (var load in Row.All.Select(row => row.Load))
        {
            var ours = Find(load.Streams, load.Kilobits, Way.Ours);
            Add($"captures that ended early, {load.Name}", ours.Figures?.EndedEarly, 0, ours);
            bounds.Add(new Bound($"files that lack a frame, {load.Name}", load.Streams - ours.Figures?.Files?.Whole, 0, ours.IsWanted && window.Checks));
        }

        AddCycles(bounds, churn, window);
        return bounds;
    }

    // From the first look on, when everything has been compiled, pooled and cached once, to the last.
    private static void AddCycles(List<Bound> bounds, List<Holdings> churn, Window window)
    {
        var last = churn.Count > 0 ? churn[^1] : null;
        var (first, then) = churn.Count > 1 ? (churn[0], last) : (null, null);
        var compares = window.HasCycles && window.Cycles > CyclesWorker.Step;
        bounds.Add(new Bound("cycles that failed", window.HasCycles ? Math.Max(0, window.Cycles - (last?.Cycles ?? 0)) + (last?.Failed ?? 0) : null, 0, window.HasCycles));
        bounds.Add(new Bound("threads more after the cycles", then?.Threads - first?.Threads, 2, compares));
        bounds.Add(new Bound("descriptors more after the cycles", then?.Descriptors - first?.Descriptors, 2, compares));
        bounds.Add(new Bound("sockets more after the cycles", then?.Sockets - first?.Sockets, 0, compares));
        bounds.Add(new Bound("MB more after the cycles", then?.AnonymousMegabytes - first?.AnonymousMegabytes, 2, compares));
    }

    private readonly record struct Asked(Figures? Figures, bool IsWanted);
}
