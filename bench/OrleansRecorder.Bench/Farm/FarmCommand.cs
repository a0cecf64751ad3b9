using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace OrleansRecorder.Bench.Farm;

/// <summary><c>bench farm</c>: what it costs to steer a farm, its captures recording nothing, over whole cycles.</summary>
internal static class FarmCommand
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        var streams = new Option<string>("--streams") { Description = "How many streams, one farm after the other.", DefaultValueFactory = _ => "1000,5000" };
        var concurrent = new Option<int?>("--concurrent") { Description = "How many at once; all of them unless told otherwise." };
        var seconds = new Option<double>("--seconds") { Description = "Length of each recording.", DefaultValueFactory = _ => 30 };
        var silos = new Option<int>("--silos") { Description = "Recording nodes.", DefaultValueFactory = _ => 3 };
        var cycles = new Option<int>("--cycles") { Description = "Cycles that are measured, after the first.", DefaultValueFactory = _ => 2 };
        var json = new Option<string?>("--json") { Description = "Write the figures into this file too." };
        var command = new Command("farm", "Cost of steering a farm: silos, API and PostgreSQL in processes of their own, captures that record nothing.") { streams, concurrent, seconds, silos, cycles, json };
        command.SetAction(async (parsed, stop) =>
        {
            var figures = new List<FarmFigures>();
            foreach (var count in parsed.GetValue(streams)!.Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture)))
            {
                var load = new FarmLoad(count, Math.Min(count, parsed.GetValue(concurrent) ?? count), parsed.GetValue(seconds), parsed.GetValue(silos), parsed.GetValue(cycles));
                figures.Add(await Measure(load, stop));
            }

            Console.WriteLine();
            Console.WriteLine(FarmFigures.Table(figures));
            if (parsed.GetValue(json) is { } path) await File.WriteAllTextAsync(path, JsonSerializer.Serialize(figures, Indented), stop);
            return figures.TrueForAll(f => f.Begun == f.Load.Streams * f.Load.Cycles) ? 0 : 1;
        });
        return command;
    }

    private static async Task<FarmFigures> Measure(FarmLoad load, CancellationToken stop)
    {
        Console.WriteLine($"{load.Streams} streams, {load.Concurrent} at once, {load.Seconds:0} s each, {load.Silos} silos: starting");
        await using var farm = await BenchFarm.Start(load, stop);
        await UntilCycle(farm, load, 2, stop);
        var before = await FarmMeters.Read(farm, stop);
        Console.WriteLine($"  measuring {load.Cycles} cycles");
        await UntilCycle(farm, load, 2 + load.Cycles, stop);
        var after = await FarmMeters.Read(farm, stop);
        var state = await FarmMeters.ReadState(farm, stop);

        // By their cycle, not by the window: a cycle's first captures begin a moment before the meters are read.
        var samples = FarmSamples.Read(farm.SampleFiles, before.At, after.At);
        var all = FarmSamples.Read(farm.SampleFiles, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        samples.Begun.Clear();
        samples.Begun.AddRange(all.Begun.Where(begun => begun.Cycle >= 2 && begun.Cycle < 2 + load.Cycles));
        var figures = FarmFigures.Of(load, before, after, samples, state);
        foreach (var (step, spread) in figures.TurnsByStep) Console.WriteLine($"  turn {step,-9} p50 {spread.P50:0.0} ms, p99 {spread.P99:0.0} ms, max {spread.Max:0.0} ms, {samples.Turns[step].Count} times");
        Console.WriteLine($"  {figures.RoundCount} rounds in {figures.Seconds:0} s");
        if (figures.Begun != load.Streams * load.Cycles) Console.WriteLine($"  WRONG: {figures.Begun} captures began instead of {load.Streams * load.Cycles}\n{farm.Tails()}");
        return figures;
    }

    private static async Task UntilCycle(BenchFarm farm, FarmLoad load, long cycle, CancellationToken stop)
    {
        var patience = TimeProvider.System.GetUtcNow() + (TimeSpan.FromSeconds(load.TotalSeconds + 60) * (load.Cycles + 1));
        while (!FarmSamples.Read(farm.SampleFiles, DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Begun.Exists(begun => begun.Cycle >= cycle))
        {
            if (TimeProvider.System.GetUtcNow() > patience) throw new TimeoutException($"Cycle {cycle} did not begin.\n{farm.Tails()}");
            await Task.Delay(Look, stop);
        }
    }
}
