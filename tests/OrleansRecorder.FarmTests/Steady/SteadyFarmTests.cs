using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OrleansRecorder.FarmTests.Harness;
using OrleansRecorder.Testing;

namespace OrleansRecorder.FarmTests.Steady;

/// <summary>A farm whose parts all live: everything is recorded, evenly, and it does not matter which API is asked.</summary>
public sealed class SteadyFarmTests
{
    private const int Cameras = 30;
    private const int Slots = 20;
    private const int Cycles = 3;
    private const double Seconds = 6;

    [Fact]
    public Task Every_camera_is_recorded_in_every_cycle_and_all_APIs_say_the_same() => TestFarm.Run(
        new TestFarmOptions
        {
            Silos = 3,
            Apis = 2,
            HasNginx = true,
            Cameras = Cameras,
            Camera = SmallCameras.Of,
            Config = urls => FarmConfig.Of(urls, total: 60, concurrent: Slots, duration: Seconds, cycles: Cycles),
        },
        async farm =>
        {
            await farm.Http.Post("/api/scheduler/start");
            var spread = await SpreadAtFullLoad(farm);
            await farm.Http.Until("/api/scheduler/status", status => !(bool)status["is_running"]!, seconds: 300);

            farm.Cameras.MustKeepTheLimit(Slots);
            Assert.Equal(Cycles * Cameras, farm.Cameras.ReadStatistics().All.SinceStart.Started);
            Assert.Equal(Enumerable.Range(1, Cycles).Select(n => (long)n), spread.Keys.Order());
            Assert.All(spread, cycle => Assert.InRange(cycle.Value.Max() - cycle.Value.Min(), 0, 1));
            await EveryCameraIsThere(farm);
            await BothAnswerTheSame(farm);
            await AChangeThroughOneIsSeenThroughTheOther(farm);
            await ADeletionReachesEveryNode(farm);
            await ANodeThatIsDownIsNamed(farm);
        });

    // Of each cycle: how many captures each node has at the first moment at which all slots are taken.
    private static async Task<IReadOnlyDictionary<long, int[]>> SpreadAtFullLoad(TestFarm farm)
    {
        var spread = new ConcurrentDictionary<long, int[]>();
        while (spread.Count < Cycles)
        {
            long cycle = 0;
            var tasks = await farm.Http.Until("/api/tasks", list =>
            {
                var active = Active(list);
                return !(bool)list["scheduler_running"]! || (active.Length == Slots && active.All(task => (int)task["status"]! == 3));
            });
            cycle = (long)(await farm.Http.Get("/api/scheduler/cycle"))["current_cycle"]!;
            if (Active(tasks).Length < Slots) break;
            spread.TryAdd(cycle, [.. farm.Silos.Select(silo => Active(tasks).Count(task => (string)task["node"]! == silo.Name))]);
            await farm.Http.Until("/api/scheduler/cycle", now => (long)now["current_cycle"]! > cycle || !(bool)now["is_running"]!);
        }

        return spread;
    }

    private static JsonNode[] Active(JsonNode list) => [.. ((JsonArray)list["tasks"]!).Select(task => task!).Where(task => (int)task["status"]! is 1 or 2 or 3)];

    private static async Task EveryCameraIsThere(TestFarm farm)
    {
        Assert.Equal(Cycles * Cameras, farm.Recordings().Count);
        for (var camera = 1; camera <= Cameras; camera++) Assert.Equal(Cycles, farm.Recordings($"camera{camera}.mp4").Count);
        foreach (var recording in farm.Recordings())
        {
            await Mp4File.MustBeSound(recording);
            Assert.InRange(await Mp4File.Duration(recording), Seconds - 0.2, Seconds + 1.2);
        }

        foreach (var silo in farm.Silos)
        {
            var reports = CycleReports.Below(farm.ArchiveOf(silo.Name));
            Assert.Equal(Cycles, reports.Count);
            Assert.All(reports.Values, report =>
            {
                Assert.Equal(Cameras, report.Tasks().Count);
                Assert.All(report.Tasks(), task => Assert.Equal((4, 1), ((int)task["status"]!, task.Parts().Count)));
            });
        }
    }

    private static async Task BothAnswerTheSame(TestFarm farm)
    {
        foreach (var path in new[] { "/api/videos", "/api/timestamps", "/api/tasks", "/api/config", "/api/scheduler/cycle", "/api/scheduler/status", "/api/nodes" })
        {
            var answers = new List<string>();
            foreach (var http in farm.HttpOf.Append(farm.Http)) answers.Add(WithoutDiskSpace(await http.Get(path)));
            Assert.Single(answers.Distinct());
        }

        Assert.Equal(Cycles * Cameras, (int)(await farm.Http.Get("/api/videos"))["count"]!);
    }

    // The one number that moves while nothing happens.
    private static string WithoutDiskSpace(JsonNode answer)
    {
        if (answer["nodes"] is JsonArray nodes) foreach (var node in nodes) node!.AsObject().Remove("free_bytes");
        return answer.ToJsonString();
    }

    private static async Task AChangeThroughOneIsSeenThroughTheOther(TestFarm farm)
    {
        for (var one = 0; one < 2; one++)
        {
            var limit = 11 + one;
            using var body = new StringContent($$"""{"max_concurrent_streams": {{limit}}}""", Encoding.UTF8, "application/json");
            using var changed = await farm.HttpOf[one].Client.PutAsync("/api/config/global", body);
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
            Assert.Equal(limit, (int)(await farm.HttpOf[1 - one].Get("/api/config"))["global_config"]!["max_concurrent_streams"]!);
        }
    }

    private static async Task ADeletionReachesEveryNode(TestFarm farm)
    {
        var videos = (JsonArray)(await farm.Http.Get("/api/videos"))["videos"]!;
        foreach (var (silo, index) in farm.Silos.Select((silo, index) => (silo, index)))
        {
            var video = videos.First(v => (string)v!["node"]! == silo.Name)!;
            var file = Path.Combine(farm.ArchiveOf(silo.Name), (string)video["timestamp_dir"]!, (string)video["filename"]!);
            Assert.True(File.Exists(file));

            using var deleted = await farm.HttpOf[index % 2].Client.DeleteAsync($"/api/video?path={video["full_path"]}");
            Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
            Assert.False(File.Exists(file));
            var left = (JsonArray)(await farm.HttpOf[1 - (index % 2)].Get("/api/videos"))["videos"]!;
            Assert.DoesNotContain(left, v => (string)v!["full_path"]! == (string)video["full_path"]!);
        }
    }

    private static async Task ANodeThatIsDownIsNamed(TestFarm farm)
    {
        var all = await farm.Http.Get("/api/videos");
        var gone = ((JsonArray)all["videos"]!).First(video => (string)video!["node"]! == "node-3")!;
        await farm["node-3"].Terminate();
        foreach (var http in farm.HttpOf.Append(farm.Http))
        {
            await http.Until("/api/nodes", nodes => ((JsonArray)nodes["nodes"]!).Any(node => (string)node!["name"]! == "node-3" && (string)node["status"]! == "dead"));
            var rest = await http.Get("/api/videos");
            Assert.Equal(["node-3"], ((JsonArray)rest["unavailable_nodes"]!).Select(name => (string)name!));
            Assert.Equal(((JsonArray)all["videos"]!).Count(video => (string)video!["node"]! != "node-3"), (int)rest["count"]!);
            using var file = await http.Client.GetAsync($"/api/video?path={gone["full_path"]}");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, file.StatusCode);
            Assert.Contains("node-3", await file.Content.ReadAsStringAsync());
        }

        await farm["node-3"].Start();
        await farm.Http.Until("/api/videos", videos => videos["unavailable_nodes"] is null && (int)videos["count"]! == (int)all["count"]!);
    }
}
