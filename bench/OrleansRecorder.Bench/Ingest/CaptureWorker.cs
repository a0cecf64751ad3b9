using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;

namespace OrleansRecorder.Bench.Ingest;

/// <summary>
/// The process that is measured: captures a list of streams into a folder until its input ends. Prints <c>written</c> with the milliseconds from the start until half
/// of all files, and all of them, had their first fragment on the disk, or <c>incomplete</c> when a capture ended before; and at the end <c>ended</c> with the number of captures that ended early
/// or made no file.
/// </summary>
internal static class CaptureWorker
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public static Command Create()
    {
        var list = new Argument<string>("list");
        var folder = new Argument<string>("folder");
        var path = new Option<IngestPath>("--path");
        var command = new Command("worker", "Captures a list of streams; started by the other commands.") { list, folder, path };
        command.Hidden = true;
        command.SetAction((parsed, stop) => Run(parsed.GetValue(list)!, parsed.GetValue(folder)!, parsed.GetValue(path), stop));
        return command;
    }

    /// <summary>An order for a stream, as a cycle gives it.</summary>
    public static CaptureOrder Order(string url, int number, IngestPath path) => new()
    {
        Identity = new CaptureIdentity(1, number, 1),
        RtspUrl = url,
        OutputDirectory = "",
        CycleDirectory = "",
        OutputFilename = $"{number}.mp4",
        Duration = TimeSpan.FromHours(1),
        Deadline = TimeProvider.System.GetUtcNow().AddHours(1),
        ConnectionTimeout = TimeSpan.FromSeconds(45),
        ReadTimeout = TimeSpan.FromSeconds(10),
        KeyFrameTimeout = TimeSpan.FromSeconds(20),
        FirstPart = 1,
        StreamIndex = number,
        Ingest = path,
    };

    private static async Task<int> Run(string list, string folder, IngestPath path, CancellationToken stop)
    {
        await using var engine = new CaptureEngine(TimeProvider.System, Random.Shared.NextDouble, NullLogger<CaptureEngine>.Instance);
        var urls = await File.ReadAllLinesAsync(list, stop);
        var targets = urls.Select((_, n) => new FolderTarget(folder, $"{n}")).ToArray();
        var clock = Stopwatch.StartNew();
        var captures = urls.Select((url, n) => engine.Start(Order(url, n, path), targets[n])).ToArray();
        var written = await WhenWritten(targets, captures, clock, stop);
        Console.WriteLine(written.Count < urls.Length ? "incomplete" : string.Create(CultureInfo.InvariantCulture, $"written {written[written.Count / 2]:0} {written[^1]:0}"));
        await Console.In.ReadToEndAsync(stop);

        var ended = 0;
        // Not all at once: what it costs to end them is not what is measured.
        foreach (var some in captures.Chunk(20))
        {
            foreach (var capture in some) capture.Stop(CaptureCause.Stopped);
            foreach (var result in await Task.WhenAll(some.Select(capture => capture.Completion)))
            {
                if (result.Cause == CaptureCause.Stopped && result.Parts.Length == 1) continue;
                ended++;
                await Console.Error.WriteLineAsync($"{result.Identity.TaskId}: {result.Cause}, {result.Parts.Length} parts. {result.Message}");
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ended {ended}"));
        return 0;
    }

    // Without those that end before anything of them is written.
    private static async Task<List<double>> WhenWritten(FolderTarget[] targets, ICapture[] captures, Stopwatch clock, CancellationToken stop)
    {
        var written = new List<double>();
        var left = Enumerable.Range(0, targets.Length).ToList();
        while (true)
        {
            for (var i = left.Count - 1; i >= 0; i--)
            {
                var hasEnded = captures[left[i]].Completion.IsCompleted;
                if (!targets[left[i]].IsWritten && !hasEnded) continue;
                if (!hasEnded) written.Add(clock.Elapsed.TotalMilliseconds);
                left.RemoveAt(i);
            }

            if (left.Count == 0) return written;
            await Task.Delay(Look, stop);
        }
    }
}
