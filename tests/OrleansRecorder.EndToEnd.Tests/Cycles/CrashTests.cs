using System.Globalization;
using System.Text.Json.Nodes;
using OrleansRecorder.Cameras;
using OrleansRecorder.Testing;

namespace OrleansRecorder.EndToEnd.Tests.Cycles;

/// <summary>The process dies in the middle of a cycle.</summary>
public sealed class CrashTests : IAsyncDisposable
{
    private const int WantedSeconds = 16;

    private readonly TemporaryFolder _folder = new();
    private readonly CameraServer _server = CameraServer.Start();

    [Fact]
    public async Task A_kill_costs_at_most_two_seconds_of_media_and_the_cycle_goes_on_after_the_restart()
    {
        // Of very different bit rates: what is lost must not depend on how fast a buffer fills.
        int[] bitRates = [64_000, 300_000, 1_000_000, 2_000_000];
        string[] urls = [.. bitRates.Select((rate, n) => _server.Add(new CameraOptions { Number = n + 1, BitRate = rate }).Url)];
        await using var recorder = await RunningRecorder.Start(_folder.Path, RunningRecorder.Config(urls, totalSeconds: 60, concurrent: 4, durationSeconds: WantedSeconds), "--start");
        await recorder.Until("/api/tasks/status", s => ((JsonArray)s["tasks"]!).Count > 0 && ((JsonArray)s["tasks"]!).All(t => (int)t!["progress"]! >= 5));

        var killed = DateTime.UtcNow;
        await recorder.Kill();

        var directory = Assert.Single(Directory.GetDirectories(recorder.Output));
        await EveryFileIsPlayableToWithinTwoSecondsOf(killed, directory);

        await recorder.Restart();
        await recorder.Until("/api/scheduler/status", s => !(bool)s["is_running"]!, seconds: 90);

        Assert.Equal([directory], Directory.GetDirectories(recorder.Output));
        Assert.Empty(Directory.GetFiles(directory, "*.recording"));
        var report = JsonNode.Parse(await File.ReadAllTextAsync(await Written(Path.Combine(directory, "rtsp_report.json"))))!;
        Assert.Equal(4, ((JsonArray)report["tasks"]!).Count);
        foreach (var n in Enumerable.Range(1, 4))
        {
            await Mp4File.MustBeSound(Path.Combine(directory, $"camera{n}.mp4"));
            await Mp4File.MustBeSound(Path.Combine(directory, $"camera{n}.part2.mp4"));
            var recorded = await Mp4File.Duration(Path.Combine(directory, $"camera{n}.mp4")) + await Mp4File.Duration(Path.Combine(directory, $"camera{n}.part2.mp4"));
            Assert.InRange(recorded, WantedSeconds - 0.5, WantedSeconds + 2.5);

            var task = report["tasks"]![n - 1]!;
            Assert.Equal(4, (int)task["status_code"]!);
            Assert.Equal(2, (int)task["attempt"]!);
            Assert.Equal([$"camera{n}.mp4", $"camera{n}.part2.mp4"], ((JsonArray)task["parts"]!).Select(p => (string)p!["filename"]!));
        }

        Assert.NotEmpty((JsonArray)report["cycle"]!["notes"]!);
        Assert.All(_server.Cameras, camera => Assert.Equal(1, camera.Sessions.MostAtOnce));
    }

    [Fact]
    public async Task Ended_politely_while_it_runs_it_goes_on_after_the_next_start_without_being_told()
    {
        var url = _server.Add(new CameraOptions { Number = 1 }).Url;
        await using var recorder = await RunningRecorder.Start(_folder.Path, RunningRecorder.Config([url], totalSeconds: 60, concurrent: 1, durationSeconds: 15), "--start");
        await recorder.Until("/api/tasks/status", s => s["tasks"] is JsonArray { Count: > 0 } tasks && (int)tasks[0]!["progress"]! >= 3);

        await recorder.Terminate();
        Assert.Equal(0, recorder.ExitCode);
        var directory = Assert.Single(Directory.GetDirectories(recorder.Output));
        Assert.Empty(Directory.GetFiles(directory, "*.recording"));
        await Mp4File.MustBeSound(Path.Combine(directory, "camera1.mp4"));

        await recorder.Restart();
        var status = await recorder.Until("/api/scheduler/status", s => !(bool)s["is_running"]!);

        Assert.Equal(1, (int)status["completed_tasks"]!);
        await Mp4File.MustBeSound(Path.Combine(directory, "camera1.part2.mp4"));
    }

    [Fact]
    public async Task A_scheduler_that_was_stopped_stays_stopped_after_a_restart()
    {
        var url = _server.Add(new CameraOptions { Number = 1 }).Url;
        await using var recorder = await RunningRecorder.Start(_folder.Path, RunningRecorder.Config([url], totalSeconds: 30, concurrent: 1, durationSeconds: 20), "--start");
        await recorder.Until("/api/tasks/status", s => s["tasks"] is JsonArray { Count: > 0 } tasks && (int)tasks[0]!["progress"]! >= 1);
        using var stopped = await recorder.Http.PostAsync("/api/scheduler/stop", null);
        Assert.True(stopped.IsSuccessStatusCode);

        await recorder.Kill();
        await recorder.Restart();

        Assert.False((bool)(await recorder.Get("/api/scheduler/status"))["is_running"]!);
        Assert.Single(Directory.GetDirectories(recorder.Output));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private async Task EveryFileIsPlayableToWithinTwoSecondsOf(DateTime killed, string directory)
    {
        var files = Directory.GetFiles(directory, ".*.recording");
        Assert.Equal(4, files.Length);
        foreach (var file in files)
        {
            // Players go by the name; the bytes are those that the kill left.
            var copy = _folder[Path.GetFileName(file).Trim('.') + ".mp4"];
            File.Copy(file, copy);
            await Mp4File.MustBeSound(copy);
            var written = (killed - await Born(file)).TotalSeconds;
            Assert.InRange(await Mp4File.Duration(copy), written - 2, written + 0.5);
        }
    }

    // The scheduler is idle a moment before the reports are there.
    private static async Task<string> Written(string report)
    {
        for (var until = DateTime.UtcNow.AddSeconds(30); !File.Exists(report); await Task.Delay(100)) Assert.True(DateTime.UtcNow < until, $"{report} is not written");
        return report;
    }

    // A file is made when its first key frame is there. .NET's creation time on Linux is the last change.
    private static async Task<DateTime> Born(string file)
    {
        var seconds = double.Parse((await Shell.Run("stat", "-c", "%.3W", file)).Text, CultureInfo.InvariantCulture);
        return DateTime.UnixEpoch.AddSeconds(seconds);
    }
}
