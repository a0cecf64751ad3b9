using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansRecorder.Cameras;
using OrleansRecorder.FarmTests.FailOver;
using OrleansRecorder.FarmTests.Harness;

namespace OrleansRecorder.FarmTests.Steady;

/// <summary>A farm with less room than the configuration asks for, before cameras that take less than it has.</summary>
public sealed class NodeLimitTests
{
    private const int Cameras = 10;
    private const int CamerasOfOneHost = 6;
    private const int HostLimit = 3;

    private static readonly Dictionary<string, int> Capacity = new() { ["node-1"] = 1, ["node-2"] = 2, ["node-3"] = 2 };

    [Fact]
    public Task Who_finds_no_room_on_the_nodes_or_at_its_host_waits_and_is_recorded_in_the_end() => TestFarm.Run(
        new TestFarmOptions
        {
            Silos = 3,
            Apis = 1,
            Cameras = Cameras,
            Camera = SmallCameras.Of,
            Config = Config,
            Settings = name => Capacity.TryGetValue(name, out var most) ? new Dictionary<string, string> { ["Node:Capacity"] = $"{most}" } : new Dictionary<string, string>(),
        },
        async farm =>
        {
            await farm.Http.Post("/api/scheduler/start");
            var nodes = farm.Http.Until("/api/nodes", list =>
            {
                foreach (var node in (JsonArray)list["nodes"]!) Assert.InRange((int)node!["active_captures"]!, 0, Capacity[(string)node["name"]!]);
                return ((JsonArray)list["nodes"]!).All(node => (int)node!["active_captures"]! == Capacity[(string)node["name"]!]);
            });
            var waiting = farm.Http.Until("/api/tasks", list => ((JsonArray)list["tasks"]!).Count(task => (int)task!["status"]! == 3) == Capacity.Values.Sum());
            await nodes;
            Assert.Equal(Cameras - Capacity.Values.Sum(), ((JsonArray)(await waiting)["tasks"]!).Count(task => (int)task!["status"]! == 0));
            await farm.Http.Until("/api/scheduler/status", status => !(bool)status["is_running"]!);

            farm.Cameras.MustKeepTheLimit(Capacity.Values.Sum());
            var sessions = farm.Cameras.ReadStatistics().Sessions;
            Assert.Equal(HostLimit, MostAtOnce([.. sessions.Where(session => session.Camera <= CamerasOfOneHost)]));
            Assert.InRange(MostAtOnce([.. sessions.Where(session => session.Camera > CamerasOfOneHost)]), 1, HostLimit);
            Assert.Equal(Capacity.Values.Sum(), MostAtOnce(sessions));
            var report = await ReportedCycle.Written(farm, 1);
            Assert.All(report.Tasks, task => Assert.Equal((4, 1), (task.Status, task.Parts.Count)));
            Assert.Equal(Cameras, report.Tasks.Count);
            await Decoding.MustBeSound(farm.Recordings());
        });

    // Two names of one address are two hosts to the recorder.
    private static string Config(IReadOnlyList<string> urls)
    {
        var config = JsonNode.Parse(FarmConfig.Of([.. urls.Select((url, n) => n < CamerasOfOneHost ? url : url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal))], concurrent: 8, duration: 5))!;
        config["global_config"]!["max_sessions_per_host"] = HostLimit;
        return config.ToJsonString(new JsonSerializerOptions());
    }

    private static int MostAtOnce(IReadOnlyList<SessionRecord> sessions) =>
        sessions.Max(one => sessions.Count(other => other.StartedAt <= one.StartedAt && (other.EndedAt is null || other.EndedAt > one.StartedAt)));
}
