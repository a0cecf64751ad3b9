using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansRecorder.FarmTests.Harness;

namespace OrleansRecorder.FarmTests.Steady;

/// <summary>Nodes come and go on purpose while the farm records.</summary>
public sealed class DrainTests
{
    private const int Cameras = 6;
    private const int LongSeconds = 16;
    private const int ShortSeconds = 6;

    [Fact]
    public Task Nodes_are_added_drained_brought_back_and_removed_under_load() => TestFarm.Run(
        new TestFarmOptions
        {
            Silos = 3,
            Apis = 2,
            Cameras = Cameras,
            Camera = SmallCameras.Of,
            Config = Config,
            Settings = name => name.StartsWith("node", StringComparison.Ordinal) ? new Dictionary<string, string> { ["Node:GracePeriodSeconds"] = "10" } : new Dictionary<string, string>(),
        },
        async farm =>
        {
            await Remove(farm, "node-3");
            await farm.Http.Post("/api/scheduler/start");
            Assert.Equal(["node-1", "node-2"], (await UntilAllRecord(farm)).Select(NodeOf).Distinct().Order());

            await farm["node-3"].Start();
            await UntilNextCycle(farm);
            Assert.Equal(["node-1", "node-2", "node-3"], (await UntilAllRecord(farm)).Select(NodeOf).Distinct().Order());

            await Drain(farm, "node-2");
            await UntilNextCycle(farm);
            Assert.Equal(["node-1", "node-3"], (await UntilAllRecord(farm)).Select(NodeOf).Distinct().Order());

            await farm.Http.Post("/api/nodes/node-2/undrain");
            await UntilNextCycle(farm);
            Assert.Equal(["node-1", "node-2", "node-3"], (await UntilAllRecord(farm)).Select(NodeOf).Distinct().Order());
            farm.Cameras.MustKeepTheLimit(Cameras);
        });

    private static string Config(IReadOnlyList<string> urls)
    {
        var config = JsonNode.Parse(FarmConfig.Of(urls, total: 90, concurrent: Cameras, cycles: -1))!;
        foreach (var (stream, index) in ((JsonArray)config["streams"]!).Select((stream, index) => (stream!, index)))
            stream["duration_seconds"] = index < Cameras / 2 ? LongSeconds : ShortSeconds;
        return config.ToJsonString(new JsonSerializerOptions());
    }

    // As an operator does it: ended in order, seen as dead, then forgotten.
    private static async Task Remove(TestFarm farm, string node)
    {
        using (var refused = await farm.Http.Client.DeleteAsync($"/api/nodes/{node}")) Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal("draining", (string)(await farm.Http.Post($"/api/nodes/{node}/drain"))["status"]!);
        await farm.Http.Until("/api/nodes", nodes => Status(nodes, node) == "draining");
        Assert.Equal(0, await farm[node].Terminate());
        await farm.Http.Until("/api/nodes", nodes => Status(nodes, node) == "dead");
        using (var done = await farm.Http.Client.DeleteAsync($"/api/nodes/{node}")) Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        foreach (var http in farm.HttpOf)
        {
            Assert.Null(Status(await http.Get("/api/nodes"), node));
            Assert.Null((await http.Get("/api/videos"))["unavailable_nodes"]);
        }
    }

    private static async Task Drain(TestFarm farm, string node)
    {
        var before = Tasks(await farm.Http.Get("/api/tasks")).Where(task => NodeOf(task) == node).ToArray();
        var cycle = await CycleNumber(farm);
        Assert.NotEmpty(before);
        Assert.Equal("draining", (string)(await farm.Http.Post($"/api/nodes/{node}/drain"))["status"]!);
        await farm.Http.Until("/api/tasks", list => before.All(task => IsDone(list, task)));
        var after = await farm.Http.Get("/api/tasks");
        Assert.Equal(cycle, await CycleNumber(farm));

        foreach (var task in before)
        {
            var now = Tasks(after).First(t => (int)t["task_id"]! == (int)task["task_id"]!);
            Assert.Equal(4, (int)now["status"]!);
            var isLong = (int)task["duration_seconds"]! == LongSeconds;
            if (isLong) Assert.True(NodeOf(now) != node && (int)now["attempt"]! > 1, now.ToJsonString());
            else Assert.True(NodeOf(now) == node && (int)now["attempt"]! == 1, now.ToJsonString());
        }

        Assert.Equal("draining", Status(await farm.Http.Get("/api/nodes"), node));
    }

    private static bool IsDone(JsonNode list, JsonNode task) => (int)Tasks(list).First(t => (int)t["task_id"]! == (int)task["task_id"]!)["status"]! >= 4;

    private static async Task<JsonNode[]> UntilAllRecord(TestFarm farm) =>
        Tasks(await farm.Http.Until("/api/tasks", list => Tasks(list).Length == Cameras && Tasks(list).All(task => (int)task["status"]! == 3)));

    private static async Task UntilNextCycle(TestFarm farm)
    {
        var number = await CycleNumber(farm);
        await farm.Http.Until("/api/scheduler/cycle", cycle => (long)cycle["current_cycle"]! > number);
    }

    private static async Task<long> CycleNumber(TestFarm farm) => (long)(await farm.Http.Get("/api/scheduler/cycle"))["current_cycle"]!;

    private static JsonNode[] Tasks(JsonNode list) => [.. ((JsonArray)list["tasks"]!).Select(task => task!)];

    private static string NodeOf(JsonNode task) => (string)task["node"]!;

    private static string? Status(JsonNode nodes, string name) => (string?)((JsonArray)nodes["nodes"]!).FirstOrDefault(node => (string)node!["name"]! == name)?["status"];
}
