using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;

namespace OrleansRecorder.Bench;

/// <summary>The process that is measured: captures a list of streams into a folder and ends. Prints one line when all have their first key frame.</summary>
internal static class CaptureWorker
{
    public static Command Create()
    {
        var list = new Argument<string>("list");
        var folder = new Argument<string>("folder");
        var seconds = new Argument<int>("seconds");
        var command = new Command("worker", "Captures a list of streams; started by the other commands.") { list, folder, seconds };
        command.Hidden = true;
        command.SetAction((parsed, stop) => Run(parsed.GetValue(list)!, parsed.GetValue(folder)!, parsed.GetValue(seconds), stop));
        return command;
    }

    private static async Task<int> Run(string list, string folder, int seconds, CancellationToken stop)
    {
        await using var engine = new CaptureEngine(TimeProvider.System, Random.Shared.NextDouble, NullLogger<CaptureEngine>.Instance);
        var captures = (await File.ReadAllLinesAsync(list, stop)).Select((url, n) => engine.Start(Order(url, n, seconds), new FolderTarget(folder, $"{n}"))).ToArray();
        while (captures.Any(c => c.Progress.Status != CaptureStatus.Recording && !c.Completion.IsCompleted)) await Task.Delay(TimeSpan.FromMilliseconds(100), stop);
        Console.WriteLine("recording");
        foreach (var capture in captures)
        {
            var result = await capture.Completion;
            if (result.Status != CaptureStatus.Completed) await Console.Error.WriteLineAsync($"{result.Identity.TaskId}: {result.Cause} {result.Message}");
        }

        return 0;
    }

    private static CaptureOrder Order(string url, int number, int seconds) => new()
    {
        Identity = new CaptureIdentity(1, number, 1),
        RtspUrl = url,
        OutputDirectory = "",
        CycleDirectory = "",
        OutputFilename = $"{number}.mp4",
        Duration = TimeSpan.FromSeconds(seconds),
        Deadline = TimeProvider.System.GetUtcNow().AddSeconds(seconds + 60),
        ConnectionTimeout = TimeSpan.FromSeconds(20),
        ReadTimeout = TimeSpan.FromSeconds(10),
        KeyFrameTimeout = TimeSpan.FromSeconds(20),
        FirstPart = 1,
        StreamIndex = number,
    };
}
