using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;

namespace OrleansRecorder.Bench.Ingest;

/// <summary>Connects, records until the first key frame and stops, again and again, and prints what the process holds on the way: a line of JSON each <see cref="Step"/> cycles.</summary>
internal static class CyclesWorker
{
    /// <summary>Cycles between two looks.</summary>
    public const int Step = 250;

    public static Command Create()
    {
        var list = new Argument<string>("list");
        var folder = new Argument<string>("folder");
        var cycles = new Argument<int>("cycles");
        var command = new Command("cycles-worker", "Connects, records and stops; started by the other commands.") { list, folder, cycles };
        command.Hidden = true;
        command.SetAction((parsed, stop) => Run(parsed.GetValue(list)!, parsed.GetValue(folder)!, parsed.GetValue(cycles), stop));
        return command;
    }

    private static async Task<int> Run(string list, string folder, int cycles, CancellationToken stop)
    {
        await using var engine = new CaptureEngine(TimeProvider.System, Random.Shared.NextDouble, NullLogger<CaptureEngine>.Instance);
        var urls = await File.ReadAllLinesAsync(list, stop);
        // Once for nothing: the assemblies that it takes would look like files that were left open.
        _ = JsonSerializer.Serialize(ProcessMeter.Holdings(Environment.ProcessId));
        var failed = 0;
        for (var done = 0; done < cycles; done += Step)
        {
            var first = done;
            var results = await Task.WhenAll(urls.Select((url, n) => Repeat(engine, url, folder, n, first, Step / urls.Length, stop)));
            failed += results.Sum();
            GC.Collect();
            Console.WriteLine(JsonSerializer.Serialize(ProcessMeter.Holdings(Environment.ProcessId) with { Cycles = done + Step, Failed = failed }));
        }

        return 0;
    }

    // Returns how many failed.
    private static async Task<int> Repeat(CaptureEngine engine, string url, string folder, int number, int first, int times, CancellationToken stop)
    {
        var failed = 0;
        for (var i = 0; i < times; i++)
        {
            var name = $"{first}-{number}-{i}";
            var capture = engine.Start(CaptureWorker.Order(url, number, IngestPath.Auto), new FolderTarget(folder, name));
            while (capture.Progress.Status != CaptureStatus.Recording && !capture.Completion.IsCompleted) await Task.Delay(TimeSpan.FromMilliseconds(20), stop);
            capture.Stop(CaptureCause.Stopped);
            var result = await capture.Completion;
            if (result.Cause != CaptureCause.Stopped || result.Parts.Length != 1)
            {
                failed++;
                await Console.Error.WriteLineAsync($"{name}: {result.Cause}, {result.Parts.Length} parts. {result.Message}");
            }

            foreach (var part in result.Parts) File.Delete(Path.Combine(folder, part.Filename));
        }

        return failed;
    }
}
