using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OrleansRecorder.FarmTests.Harness;

namespace OrleansRecorder.FarmTests.FailOver;

/// <summary>PostgreSQL is away for a minute, while captures run.</summary>
public sealed class DatabaseOutageTests
{
    private const int Limit = 4;
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(60);

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
        await Change(farm.Http, HttpMethod.Put, "/api/config/global", HttpStatusCode.OK);
        await farm.Http.Post("/api/scheduler/stop");

        farm.Cameras.MustKeepTheLimit(Limit);
        Assert.Equal(lives, farm.Processes.Select(process => process.Id));
        Assert.All(farm.Processes, process => Assert.True(process.IsRunning, process.Name));
        var report = await ReportedCycle.Written(farm, 1);
        Assert.All(report.Tasks, task => Assert.Equal((4, 1, 1), (task.Status, task.Attempt, task.Parts.Count)));
        await Decoding.MustBeSound([.. report.Tasks.SelectMany(task => task.Parts).Select(part => part.Path)]);
        foreach (var task in report.Tasks) Assert.InRange(await Testing.Mp4File.Duration(task.Parts[0].Path), task.PlannedSeconds - 0.2, task.PlannedSeconds + 2);
    });

    private static async Task MustServeTheRest(FarmHttp api, string video)
    {
        foreach (var path in (string[])["/api/tasks", "/api/scheduler/cycle", "/api/scheduler/status", "/api/timestamps", "/api/config"]) await api.Get(path);
        Assert.Equal(["active", "active", "active"], (await api.Get("/api/nodes"))["nodes"]!.AsArray().Select(node => (string)node!["status"]!));
        var videos = await api.Get("/api/videos");
        Assert.Null(videos["unavailable_nodes"]);
        Assert.InRange((int)videos["count"]!, 1, 5);
        Assert.NotEmpty(await api.Client.GetByteArrayAsync($"/api/video?path={Uri.EscapeDataString(video)}"));
    }

    private static async Task MustRefuseChanges(FarmHttp api)
    {
        await Change(api, HttpMethod.Put, "/api/config/global", HttpStatusCode.ServiceUnavailable);
        await Change(api, HttpMethod.Post, "/api/scheduler/stop", HttpStatusCode.ServiceUnavailable);
        await Change(api, HttpMethod.Post, "/api/scheduler/start", HttpStatusCode.ServiceUnavailable);
    }

    private static async Task Change(FarmHttp api, HttpMethod method, string path, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Put) request.Content = new StringContent("""{"min_duration_seconds": 3}""", Encoding.UTF8, "application/json");
        using var answer = await api.Client.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"{method} {path}: {(int)answer.StatusCode} {body}");
        if (expected != HttpStatusCode.ServiceUnavailable) return;
        var error = JsonNode.Parse(body)!;
        Assert.Equal("Service Unavailable", (string)error["error"]!);
        Assert.NotEmpty((string)error["message"]!);
    }
}
