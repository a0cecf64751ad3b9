using System.Net;
using OrleansRecorder.Api.Events;
using OrleansRecorder.Api.Fakes;
using OrleansRecorder.Archive;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Api.Nodes;

public sealed class NodeTests
{
    [Fact]
    public async Task Nodes_are_listed_by_name_with_the_fields_of_the_contract()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Nodes = [FakeNodes.Status("node-2", NodeCondition.Dead) with { FreeBytes = -1, TotalBytes = -1 }, FakeNodes.Status("node-1")];

        var answer = await api.Get("/api/nodes");

        Assert.Equal(2, (int)answer["count"]!);
        Assert.Equal(
            """{"name":"node-1","address":"10.0.0.7:11111","status":"active","active_captures":3,"capacity":200,"free_bytes":5000000000,"total_bytes":10000000000,"started_at":"2025-10-10 16:30:26","version":"0.1.0","archive":"node-1"}""",
            answer["nodes"]![0]!.ToJsonString());
        Assert.Equal("dead", (string?)answer["nodes"]![1]!["status"]);
        Assert.Null(answer["nodes"]![1]!["free_bytes"]);
    }

    [Fact]
    public async Task A_node_is_drained_and_takes_captures_again()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Nodes = [FakeNodes.Status("node-1")];

        var drained = await api.Ask(HttpMethod.Post, "/api/nodes/node-1/drain");
        Assert.Equal("""{"success":true,"name":"node-1","status":"draining","active_captures":0,"message":"节点不再接收新任务"}""", ApiClient.Text(drained));
        Assert.True(api.Nodes.Of("node-1").IsDraining);

        var back = await api.Ask(HttpMethod.Post, "/api/nodes/node-1/undrain", language: "en");
        Assert.Equal(("active", "the node takes captures again"), ((string?)back["status"], (string?)back["message"]));
        Assert.False(api.Nodes.Of("node-1").IsDraining);
    }

    [Fact]
    public async Task A_node_that_is_not_known_is_404_and_one_that_is_away_is_503_with_its_name()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Nodes = [FakeNodes.Status("node-1"), FakeNodes.Status("node-2", NodeCondition.Dead)];
        api.Nodes.Of("node-1").Failure = new OrleansException("placing failed", new NodeUnavailableException("node-1"));

        Assert.Equal("没有这个节点: node-9", (string?)(await api.Fail(HttpMethod.Post, "/api/nodes/node-9/drain", HttpStatusCode.NotFound))["message"]);
        foreach (var name in new[] { "node-1", "node-2" })
        {
            var answer = await api.Fail(HttpMethod.Post, $"/api/nodes/{name}/drain", HttpStatusCode.ServiceUnavailable);
            Assert.Equal($"节点不可用: {name}", (string?)answer["message"]);
        }
    }

    [Fact]
    public async Task A_dead_node_is_forgotten_and_a_living_one_is_not()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Nodes = [FakeNodes.Status("node-1"), FakeNodes.Status("node-2", NodeCondition.Dead)];

        Assert.Contains("node-1", (string?)(await api.Fail(HttpMethod.Delete, "/api/nodes/node-1", HttpStatusCode.Conflict))["message"]);
        Assert.Equal("""{"success":true,"name":"node-2","message":"节点已移除"}""", ApiClient.Text(await api.Ask(HttpMethod.Delete, "/api/nodes/node-2")));
        await api.Fail(HttpMethod.Delete, "/api/nodes/node-2", HttpStatusCode.NotFound);
        Assert.Equal(1, (int)(await api.Get("/api/nodes"))["count"]!);
    }

    [Fact]
    public async Task Nodes_need_the_cluster()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Failure = new SiloUnavailableException("gone");

        await api.Fail(HttpMethod.Get, "/api/nodes", HttpStatusCode.ServiceUnavailable);
        await api.Fail(HttpMethod.Post, "/api/nodes/node-1/drain", HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Listeners_hear_of_nodes_that_change_come_and_are_forgotten_but_not_of_room_on_a_disk()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Snapshot = SampleCycle.Running;
        api.Cycle.Nodes = [FakeNodes.Status("node-1")];
        using var events = await EventReader.Open(api.Http);
        await events.Next("resync");

        api.Cycle.Nodes = [FakeNodes.Status("node-1") with { FreeBytes = 7, HeardAt = DateTimeOffset.UtcNow }];
        var looks = api.Cycle.Looks;
        while (api.Cycle.Looks < looks + 2) await Task.Delay(20);
        api.Cycle.Nodes = [FakeNodes.Status("node-1", NodeCondition.Dead)];
        Assert.Equal("dead", (string?)(await events.Next("node"))["status"]);

        api.Cycle.Nodes = [FakeNodes.Status("node-2")];
        Assert.Equal("node-2", (string?)(await events.Next("node"))["name"]);
        Assert.Equal("node-1", (string?)(await events.Next("node_forgotten"))["name"]);
    }
}
