using System.Globalization;

namespace OrleansRecorder.Bench.Farm;

/// <summary>A spread of numbers.</summary>
internal sealed record Spread(double P50, double P99, double Max)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? new(0, 0, 0) : new(At(0.5), At(0.99), sorted[^1]);

        double At(double part) => sorted[Math.Min(sorted.Length - 1, (int)(part * sorted.Length))];
    }
}

/// <summary>What one load cost. CPU in seconds a second, so 1 is a core.</summary>
internal sealed record FarmFigures
{
    public required FarmLoad Load { get; init; }

    /// <summary>Length of the window in seconds: whole cycles, their pauses included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Captures begun in the window; as many as streams and cycles, or something is wrong.</summary>
    public required int Begun { get; init; }

    /// <summary>Orders given for each of them: 1, or more when silos sent some back.</summary>
    public required double Orders { get; init; }

    public required double SiloCpu { get; init; }

    public required double ApiCpu { get; init; }

    public required double DatabaseCpu { get; init; }

    /// <summary>CycleGrain's turns in ms.</summary>
    public required Spread Turns { get; init; }

    /// <summary>Likewise, by their step.</summary>
    public required Dictionary<string, Spread> TurnsByStep { get; init; }

    /// <summary>CycleGrain's rounds in ms, the wait for the database included.</summary>
    public required Spread Rounds { get; init; }

    public required int RoundCount { get; init; }

    /// <summary>Seconds from the planned start of a capture to its beginning.</summary>
    public required Spread Late { get; init; }

    /// <summary>Size of CycleState in bytes, and what it takes on the disk.</summary>
    public required int StateBytes { get; init; }

    public required int StateStored { get; init; }

    public required double StateWritesPerCycle { get; init; }

    public required double RowsPerCycle { get; init; }

    public required double CommitsPerCycle { get; init; }

    public required double WalBytesPerCycle { get; init; }

    public static FarmFigures Of(FarmLoad load, FarmMeters before, FarmMeters after, FarmSamples samples, (int Bytes, int Stored, double?[] Planned) state)
    {
        var seconds = (after.At - before.At).TotalSeconds;
        return new FarmFigures
        {
            Load = load,
            Seconds = seconds,
            Begun = samples.Begun.Count,
            Orders = samples.Begun.Select(begun => (double)begun.Attempt).DefaultIfEmpty().Average(),
            SiloCpu = (after.SiloSeconds - before.SiloSeconds) / seconds,
            ApiCpu = (after.ApiSeconds - before.ApiSeconds) / seconds,
            DatabaseCpu = (after.DatabaseSeconds - before.DatabaseSeconds) / seconds,
            Turns = Spread.Of(samples.Turns.Values.SelectMany(step => step)),
            TurnsByStep = samples.Turns.ToDictionary(step => step.Key, step => Spread.Of(step.Value)),
            Rounds = Spread.Of(samples.Rounds),
            RoundCount = samples.Rounds.Count,
            Late = Spread.Of(samples.Begun.Select(begun => begun.Seconds + load.TotalSeconds - (state.Planned[begun.Task] ?? 0))),
            StateBytes = state.Bytes,
            StateStored = state.Stored,
            StateWritesPerCycle = (after.StateWrites - before.StateWrites) / (double)load.Cycles,
            RowsPerCycle = (after.Rows - before.Rows) / (double)load.Cycles,
            CommitsPerCycle = (after.Commits - before.Commits) / (double)load.Cycles,
            WalBytesPerCycle = (after.WalBytes - before.WalBytes) / load.Cycles,
        };
    }

    /// <summary>The table of <c>docs/performance.md</c>.</summary>
    public static string Table(IReadOnlyList<FarmFigures> all)
    {
        var rows = new (string Name, Func<FarmFigures, FormattableString> Value)[]
        {
            ("streams, K", f => $"{f.Load.Streams}, {f.Load.Concurrent}"),
            ("CPU of all silos, cores", f => $"{f.SiloCpu:0.00}"),
            ("CPU of the API, cores", f => $"{f.ApiCpu:0.00}"),
            ("CPU of PostgreSQL, cores", f => $"{f.DatabaseCpu:0.00}"),
            ("all of them per 1,000 streams, cores", f => $"{(f.SiloCpu + f.ApiCpu + f.DatabaseCpu) * 1000 / f.Load.Streams:0.00}"),
            ("CycleGrain's turns, ms: p50, p99, max", f => $"{f.Turns.P50:0.0}, {f.Turns.P99:0.0}, {f.Turns.Max:0.0}"),
            ("its rounds, ms: p50, p99, max", f => $"{f.Rounds.P50:0}, {f.Rounds.P99:0}, {f.Rounds.Max:0}"),
            ("capture begins after its planned start, s: p50, p99, max", f => $"{f.Late.P50:0.00}, {f.Late.P99:0.00}, {f.Late.Max:0.00}"),
            ("orders for a capture", f => $"{f.Orders:0.00}"),
            ("CycleState, kB as text, on the disk", f => $"{f.StateBytes / 1000.0:0}, {f.StateStored / 1000.0:0}"),
            ("its writes in a cycle", f => $"{f.StateWritesPerCycle:0}"),
            ("rows changed in a cycle, for each stream", f => $"{f.RowsPerCycle / f.Load.Streams:0.0}"),
            ("transactions in a cycle, for each stream", f => $"{f.CommitsPerCycle / f.Load.Streams:0.0}"),
            ("WAL in a cycle, MB", f => $"{f.WalBytesPerCycle / 1e6:0.0}"),
            ("a cycle took, s", f => $"{f.Seconds / f.Load.Cycles:0.0}"),
        };
        var table = new System.Text.StringBuilder($"| | {string.Join(" | ", all.Select(f => f.Load.Streams))} |\n| --- |{string.Concat(all.Select(_ => " ---: |"))}\n");
        foreach (var (name, value) in rows) table.Append(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", all.Select(f => value(f).ToString(CultureInfo.InvariantCulture)))} |\n");
        return table.ToString();
    }
}
