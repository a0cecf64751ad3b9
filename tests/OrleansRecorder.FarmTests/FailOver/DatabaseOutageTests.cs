using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OrleansRecorder.FarmTests.Harness;

namespace OrleansRecorder.FarmTests.FailOver;

/// <summary>PostgreSQL is away for a minute, or hangs for 20 s, while captures run.</summary>
public sealed class DatabaseOutageTests
{
    private const int Limit = 4;
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(5);

    // Seven cameras for four slots: the first three and, when the short seventh is done, the fourth record for most of the outage; the others have to wait for a slot.
    private static readonly TestFarmOptions Farm = new()
    {
        Silos = 3, Apis = 2, HasNginx = true, Cameras = 7, Camera = CountingCameras.Camera,
        Config = urls => CountingCameras.With(
            FarmConfig.Of(urls, total: 300, concurrent: Limit, duration: 40, cycles: 2), (5, 4, 0.5), (6, 4, 0.5), (7, 3, 9)),
    };

    [Fact]
    public Task Captures_go_on_and_finish_without_the_database_and_everything_catches_up_when_it_is_back() => TestFarm.Run(Farm, async farm =>
    {
        await farm.Http.Post("/api/scheduler/start");
        await farm.Cameras.UntilPlaying(60, 1, 2, 3, 4);
        var early = (string)(await farm.Http.Until("/api/videos", videos => (int)videos["count"]! == 1))["videos"]![0]!["full_path"]!;
        await farm.Http.Until("/api/scheduler/status", status => (int)status["completed_tasks"]! == 1);
        var lives = farm.Processes.Select(process => process.Id).ToArray();

        await farm.Database.Kill();
        var away = Stopwatch.StartNew();
        while (away.Elapsed < Outage)
        {
            foreach (var api in farm.HttpOf) await MustServeTheRest(api, early);
            await MustRefuseChanges(farm.HttpOf[0]);
            await Task.Delay(TimeSpan.FromSeconds(2));
        }

        // What ran has finished, each in one session, and nothing new has begun.
        var sessions = farm.Cameras.ReadStatistics().Sessions;
        Assert.Equal([1, 2, 3, 4, 7], sessions.Select(s => s.Camera).Order());
        Assert.All(sessions, session => Assert.NotNull(session.EndedAt));
        await farm.Database.Start();

        // The cycle goes on where it was; the next one starts by itself.
        await farm.Cameras.Until(all => all.Count(s => s.Camera is 5 or 6) == 2, 30, "cameras 5 and 6 to have their turn");
        await farm.Http.Until("/api/scheduler/cycle", cycle => (int)cycle["current_cycle"]! == 2);
        await farm.Cameras.Until(all => all.Count(s => s.Camera == 7) == 2, 30, "the next cycle to record");
        await farm.Cameras.UntilPlaying(60, 1, 2, 3, 4);
        await MustOutlastAHang(farm, early);
        await farm.Http.Post("/api/scheduler/stop");

        farm.Cameras.MustKeepTheLimit(Limit);
        Assert.Equal(lives, farm.Processes.Select(process => process.Id));
        Assert.All(farm.Processes, process => Assert.True(process.IsRunning, process.Name));
        var report = await ReportedCycle.Written(farm, 1);
        Assert.All(report.Tasks, task => Assert.Equal((4, 1, 1), (task.Status, task.Attempt, task.Parts.Count)));
        await Decoding.MustBeSound([.. report.Tasks.SelectMany(task => task.Parts).Select(part => part.Path)]);
        foreach (var task in report.Tasks) Assert.InRange(await Testing.Mp4File.Duration(task.Parts[0].Path), task.PlannedSeconds - 0.2, task.PlannedSeconds + 2);
    });

    // Connections to a server that hangs are taken and never answered. Captures must not notice.
    private static async Task MustOutlastAHang(TestFarm farm, string early)
    {
        var before = farm.Cameras.ReadStatistics().Sessions.Select(s => (s.Camera, s.StartedAt, s.EndedAt)).ToArray();
        await farm.Database.Suspend();
        try
        {
            for (var hangs = Stopwatch.StartNew(); hangs.Elapsed < Hang;)
            {
                foreach (var api in farm.HttpOf) await MustServeTheRest(api, early, mostVideos: 8);
                await Change(farm.HttpOf[0], HttpMethod.Put, "/api/config/global", HttpStatusCode.ServiceUnavailable);
                await Task.Delay(TimeSpan.FromSeconds(1));
            }
        }
        finally
        {
            await farm.Database.Resume();
        }

        // What it had been given and had not answered, it may write now: whoever wrote that must not take it for another's.
        await Change(farm.HttpOf[0], HttpMethod.Put, "/api/config/global", HttpStatusCode.OK);
        await Change(farm.HttpOf[1], HttpMethod.Put, "/api/config/global", HttpStatusCode.OK);
        Assert.Equal(before, farm.Cameras.ReadStatistics().Sessions.Select(s => (s.Camera, s.StartedAt, s.EndedAt)));
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < CatchUp; await Task.Delay(TimeSpan.FromMilliseconds(100))) await farm.Http.Get("/api/tasks");
        Assert.DoesNotContain(farm.Silos, silo => silo.Log.Contains("The cycle cannot go on in this activation", StringComparison.Ordinal));
    }

    private static async Task MustServeTheRest(FarmHttp api, string video, int mostVideos = 5)
    {
        foreach (var path in (string[])["/api/tasks", "/api/scheduler/cycle", "/api/scheduler/status", "/api/timestamps", "/api/config"]) await api.Get(path);
        Assert.Equal(["active", "active", "active"], (await api.Get("/api/nodes"))["nodes"]!.AsArray().Select(node => (string)node!["status"]!));
        var videos = await api.Get("/api/videos");
        Assert.Null(videos["unavailable_nodes"]);
        Assert.InRange((int)videos["count"]!, 1, mostVideos);
        Assert.NotEmpty(await api.Client.GetByteArrayAsync($"/api/video?path={Uri.EscapeDataString(video)}"));
    }

    private static async Task MustRefuseChanges(FarmHttp api)
    {
        await Change(api, HttpMethod.Put, "/api/config/global", HttpStatusCode.ServiceUnavailable);
        await Change(api, HttpMethod.Post, "/api/scheduler/stop", HttpStatusCode.ServiceUnavailable);
        await Change(api, HttpMethod.Post, "/api/scheduler/start", HttpStatusCode.ServiceUnavailable);
    }

    private static StringContent NewSettings() => new("""{"min_duration_seconds": 3}""", Encoding.UTF8, "application/json");

    private static async Task Change(FarmHttp api, HttpMethod method, string path, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Put) request.Content = NewSettings();
        using var answer = await api.Client.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"{method} {path}: {(int)answer.StatusCode} {body}");
        if (expected != HttpStatusCode.ServiceUnavailable) return;
        var error = JsonNode.Parse(body)!;
        Assert.Equal("Service Unavailable", (string)error["error"]!);
        Assert.NotEmpty((string)error["message"]!);
    }
}
