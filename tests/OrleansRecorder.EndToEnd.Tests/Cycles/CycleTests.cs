using System.Diagnostics;
using System.Text.Json.Nodes;
using OrleansRecorder.Cameras;
using OrleansRecorder.Testing;

namespace OrleansRecorder.EndToEnd.Tests.Cycles;

/// <summary>Whole cycles by the running program on simulated cameras, which count their sessions themselves.</summary>
public sealed class CycleTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CameraServer _server = CameraServer.Start();

    [Fact]
    public async Task Two_cycles_record_every_camera_for_its_time_and_never_more_than_the_limit_at_once()
    {
        var urls = Cameras(5);
        await using var recorder = await RunningRecorder.Start(_folder.Path, RunningRecorder.Config(urls, totalSeconds: 30, concurrent: 2, durationSeconds: 4, cycles: 2), "--start");

        var status = await recorder.Until("/api/scheduler/status", s => !(bool)s["is_running"]!, seconds: 90);

        Assert.Equal(5, (int)status["completed_tasks"]!);
        Assert.Equal(2, (int)status["max_concurrent_used"]!);
        Assert.Equal(2, _server.Sessions.MostAtOnce);
        var directories = Directory.GetDirectories(recorder.Output);
        Assert.Equal(2, directories.Length);
        foreach (var directory in directories)
        {
            Assert.Equal(["report.txt", "rtsp_report.json", "streams.csv"], Directory.GetFiles(directory).Select(Path.GetFileName).Where(f => !f!.EndsWith(".mp4", StringComparison.Ordinal)).Order());
            foreach (var n in Enumerable.Range(1, 5))
            {
                var file = Path.Combine(directory, $"camera{n}.mp4");
                await Mp4File.MustBeSound(file);
                Assert.InRange(await Mp4File.Duration(file), 3.7, 4.3);
            }
        }
    }

    [Fact]
    public async Task A_broken_camera_gets_its_code_and_the_others_their_recordings()
    {
        var urls = Cameras(4, n => n switch { 2 => "404", 3 => "401", _ => "none" });
        await using var recorder = await RunningRecorder.Start(_folder.Path, RunningRecorder.Config([.. urls, "rtsp://user:secret-word@127.0.0.1:1/none"], totalSeconds: 12, concurrent: 5, durationSeconds: 4), "--start");

        await recorder.Until("/api/scheduler/status", s => !(bool)s["is_running"]!, seconds: 60);
        var tasks = (JsonArray)(await recorder.Get("/api/tasks"))["tasks"]!;

        Assert.Equal([4, 9, 5, 4, 5], tasks.Select(t => (int)t!["status_code"]!));
        Assert.All([1, 2, 4], n => Assert.NotEqual("", (string)tasks[n]!["error_message"]!));
        Assert.Equal("rtsp://127.0.0.1:1/none", (string)tasks[4]!["rtsp_url"]!);
        Assert.DoesNotContain("secret-word", recorder.Log);
        Assert.Contains("Cycle 1 ended: 2 completed, 3 failed, 0 cancelled", recorder.Log);
        Assert.Contains("rtsp://127.0.0.1:1/none ended: ", recorder.Log);
        Assert.DoesNotContain("secret-word", string.Concat(Directory.GetFiles(recorder.Output, "*.*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".mp4", StringComparison.Ordinal)).Select(File.ReadAllText)));
        Assert.Equal(0, _server.Find(3)!.Sessions.Started);
    }

    [Fact]
    public async Task A_stop_ends_healthy_silent_and_stalled_captures_within_three_seconds_and_keeps_what_they_have()
    {
        var urls = Cameras(4, n => n switch { 2 => "silent", 3 => "stall:3", 4 => "nokey", _ => "none" });
        await using var recorder = await RunningRecorder.Start(_folder.Path, RunningRecorder.Config(urls, totalSeconds: 120, concurrent: 4, durationSeconds: 100, connectionTimeout: 60, readTimeout: 60), "--start");
        await recorder.Until("/api/tasks/status", s => ((JsonArray)s["tasks"]!).Count == 4 && (int)s["tasks"]![0]!["progress"]! >= 3 && (int)s["tasks"]![2]!["status_code"]! == 3);

        var clock = Stopwatch.StartNew();
        using var answer = await recorder.Http.PostAsync("/api/scheduler/stop", null);
        var took = clock.Elapsed;

        Assert.True(answer.IsSuccessStatusCode);
        Assert.True(took < TimeSpan.FromSeconds(3.5), $"the stop took {took}");
        var status = await recorder.Get("/api/tasks");
        Assert.Equal([8, 8, 8, 8], ((JsonArray)status["tasks"]!).Select(t => (int)t!["status_code"]!));
        var directory = Assert.Single(Directory.GetDirectories(recorder.Output));
        await Mp4File.MustBeSound(Path.Combine(directory, "camera1.mp4"));
        Assert.InRange(await Mp4File.Duration(Path.Combine(directory, "camera1.mp4")), 2.5, 15);
        Assert.True(File.Exists(Path.Combine(directory, "rtsp_report.json")));
        Assert.Empty(Directory.GetFiles(directory, "*.recording"));
        Assert.False(File.Exists(Path.Combine(directory, "camera2.mp4")));
        Assert.False(File.Exists(Path.Combine(directory, "camera4.mp4")));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private string[] Cameras(int count, Func<int, string>? fault = null) => [.. Enumerable.Range(1, count).Select(n =>
    {
        Assert.True(CameraFault.TryParse(fault?.Invoke(n) ?? "none", out var parsed, out var error), error);
        return _server.Add(new CameraOptions { Number = n, Fault = parsed }).Url;
    })];
}
