using System.Net;
using System.Text.Json.Nodes;
using OrleansRecorder.Api.Fakes;
using OrleansRecorder.Archive;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Api.Nodes;

/// <summary>Recordings over nodes that CycleGrain knows; <c>node-1</c> to <c>node-3</c> are also the keys of the archives.</summary>
public sealed class FarmTests
{
    private const string Film = "./output/20251010_163000/a1.mp4";

    [Fact]
    public async Task Nodes_that_share_an_archive_are_asked_once_and_their_recordings_listed_once()
    {
        await using var api = await TestApi.Start(nodes: 3);
        api.Cycle.Nodes = [FakeNodes.Status("east", archive: "node-2"), FakeNodes.Status("node-1"), FakeNodes.Status("west", NodeCondition.Dead, archive: "node-2")];
        api.Archives[0].Add("20251010_163000", "a1.mp4", new byte[1]);
        api.Archives[1].Add("20251010_163000", "b1.mp4", new byte[1]);

        var answer = await api.Get("/api/videos");

        Assert.Equal(2, (int)answer["count"]!);
        Assert.Equal(["a1.mp4 node-1", "b1.mp4 node-2"], answer["videos"]!.AsArray().Select(v => $"{v!["filename"]} {v["node"]}"));
        Assert.False(answer.ContainsKey("unavailable_nodes"));
        Assert.Equal((1, 1, 0), (api.Archives[0].Calls, api.Archives[1].Calls, api.Archives[2].Calls));
    }

    [Fact]
    public async Task A_recording_on_the_only_node_of_an_archive_shows_the_nodes_own_name()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Nodes = [FakeNodes.Status("east", archive: "node-1")];
        api.Archive.Add("20251010_163000", "a1.mp4", new byte[1]);

        Assert.Equal("east", (string?)(await api.Get("/api/videos"))["videos"]![0]!["node"]);
    }

    [Fact]
    public async Task A_node_that_is_known_to_be_dead_is_named_and_not_asked()
    {
        await using var api = await TestApi.Start(nodes: 2);
        api.Cycle.Nodes = [FakeNodes.Status("node-1"), FakeNodes.Status("node-2", NodeCondition.Dead)];
        api.Archives[0].Add("20251010_163000", "a1.mp4", new byte[1]);
        api.Archives[1].Silence = new TaskCompletionSource();

        foreach (var path in new[] { "/api/videos", "/api/videos/20251010_163000", "/api/timestamps" })
        {
            Assert.Equal("""["node-2"]""", (await api.Get(path))["unavailable_nodes"]!.ToJsonString());
        }

        Assert.Equal(0, api.Archives[1].Calls);
    }

    [Fact]
    public async Task All_nodes_of_a_shared_archive_are_named_when_none_of_them_is_there()
    {
        await using var api = await TestApi.Start(nodes: 2);
        api.Cycle.Nodes =
        [
            FakeNodes.Status("node-1"), FakeNodes.Status("west", NodeCondition.Dead, archive: "node-2"), FakeNodes.Status("east", NodeCondition.Dead, archive: "node-2"),
        ];

        Assert.Equal("""["east","west"]""", (await api.Get("/api/videos"))["unavailable_nodes"]!.ToJsonString());
    }

    [Fact]
    public async Task A_file_that_nobody_has_is_404_when_all_answered_and_503_with_the_name_of_who_did_not()
    {
        await using var api = await TestApi.Start(nodes: 2);
        api.Cycle.Nodes = [FakeNodes.Status("node-1"), FakeNodes.Status("node-2")];
        await api.Fail(HttpMethod.Get, "/api/video?path=" + Film, HttpStatusCode.NotFound);
        await api.Fail(HttpMethod.Get, "/api/reports/20251010_163000/report.txt", HttpStatusCode.NotFound);

        await using var broken = await TestApi.Start(nodes: 2);
        broken.Cycle.Nodes = [FakeNodes.Status("node-1"), FakeNodes.Status("node-2", NodeCondition.Dead)];
        foreach (var path in new[] { "/api/video?path=" + Film, "/api/reports/20251010_163000/report.txt", "/api/videos/20251010_163000" })
        {
            Assert.Contains("node-2", (string?)(await broken.Fail(HttpMethod.Get, path, HttpStatusCode.ServiceUnavailable))["message"]);
        }
    }

    [Fact]
    public async Task A_file_is_served_at_once_though_another_node_hangs()
    {
        await using var api = await TestApi.Start(nodes: 2, options => options.NodeDeadline = TimeSpan.FromMinutes(1));
        api.Archives[0].Silence = new TaskCompletionSource();
        api.Archives[1].Add("20251010_163000", "a1.mp4", [1, 2, 3]);

        Assert.Equal([1, 2, 3], await api.Http.GetByteArrayAsync("/api/video?path=" + Film));
    }

    [Fact]
    public async Task Recordings_are_listed_and_served_though_the_cluster_no_longer_tells_nodes_and_directory()
    {
        await using var api = await TestApi.Start(nodes: 2);
        api.Cycle.Nodes = [FakeNodes.Status("node-1"), FakeNodes.Status("node-2", NodeCondition.Dead)];
        api.Archives[0].Add("20251010_163000", "a1.mp4", [1, 2, 3]);
        await api.Get("/api/videos");

        api.Cycle.Failure = api.Config.Failure = new SiloUnavailableException("gone");
        await Task.Delay(1100);

        Assert.Equal([1, 2, 3], await api.Http.GetByteArrayAsync("/api/video?path=" + Film));
        var listing = await api.Get("/api/videos");
        Assert.Equal(1, (int)listing["count"]!);

        // Who was dead may live again by now: it is asked.
        Assert.False(listing.ContainsKey("unavailable_nodes"));
        await api.Fail(HttpMethod.Get, "/api/tasks", HttpStatusCode.ServiceUnavailable);

        api.Cycle.Failure = api.Config.Failure = null;
        api.Config.Document["global_config"]!["output_directory"] = "/srv/films";
        for (var until = DateTimeOffset.UtcNow.AddSeconds(20); api.Archives[0].OutputDirectory != "/srv/films"; await Task.Delay(100))
        {
            Assert.True(DateTimeOffset.UtcNow < until);
            await api.Get("/api/timestamps");
        }
    }

    [Fact]
    public async Task A_directory_that_was_deleted_on_some_nodes_says_which_were_away()
    {
        await using var api = await TestApi.Start(nodes: 2);
        api.Cycle.Nodes = [FakeNodes.Status("node-1"), FakeNodes.Status("node-2", NodeCondition.Dead)];
        api.Archives[0].Add("20251010_163000", "a1.mp4", new byte[1]);

        var answer = await api.Ask(HttpMethod.Delete, "/api/timestamp/20251010_163000");
        Assert.Equal("""["node-2"]""", answer["unavailable_nodes"]!.ToJsonString());
        Assert.Contains("node-2", (string?)answer["message"]);

        // Now nobody who answers has it.
        var undecided = await api.Fail(HttpMethod.Delete, "/api/timestamp/20251010_163000", HttpStatusCode.ServiceUnavailable);
        Assert.Contains("node-2", (string?)undecided["message"]);
    }

    [Fact]
    public async Task A_directory_that_one_node_refuses_says_who_and_where_it_was_deleted_all_the_same()
    {
        await using var api = await TestApi.Start(nodes: 2);
        api.Archives[0].Add("20251010_163000", "a1.mp4", new byte[1]);
        api.Archives[1].Refusals["20251010_163000"] = (ArchiveResult.InUse, new LocalizedText("正在录制", "being recorded"));

        var answer = await api.Fail(HttpMethod.Delete, "/api/timestamp/20251010_163000", HttpStatusCode.Conflict, language: "en");

        Assert.Equal("the directory was not deleted: being recorded (node node-2); it was deleted on these nodes: node-1", (string?)answer["message"]);
    }

    [Fact]
    public async Task A_deletion_is_never_asked_for_twice()
    {
        await using var api = await TestApi.Start();
        api.Archive.NextFailures = (1, new TimeoutException());

        await api.Fail(HttpMethod.Delete, "/api/video?path=" + Film, HttpStatusCode.ServiceUnavailable);

        Assert.Equal(1, api.Archive.Calls);
    }

    [Theory]
    [InlineData(typeof(TimeoutException))]
    [InlineData(typeof(SiloUnavailableException))]
    public async Task A_read_that_is_not_answered_is_made_once_more(Type failure)
    {
        await using var api = await TestApi.Start();
        api.Archive.Add("20251010_163000", "a1.mp4", new byte[1]);
        api.Archive.NextFailures = (1, failure == typeof(TimeoutException) ? new TimeoutException() : new SiloUnavailableException("gone"));

        JsonObject answer = await api.Get("/api/videos");

        Assert.Equal((1, 2), ((int)answer["count"]!, api.Archive.Calls));
    }

    [Fact]
    public async Task A_grain_that_hangs_costs_a_request_no_more_than_its_deadlines()
    {
        await using var api = await TestApi.Start(configure: options => options.CallDeadline = TimeSpan.FromMilliseconds(200));
        api.Archive.Silence = new TaskCompletionSource();

        await api.Fail(HttpMethod.Get, "/api/videos", HttpStatusCode.ServiceUnavailable);

        Assert.Equal(2, api.Archive.Calls);
    }

    [Fact]
    public async Task A_change_of_the_scheduler_that_is_not_answered_is_not_made_again()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Failure = new TimeoutException();

        await api.Fail(HttpMethod.Post, "/api/scheduler/start", HttpStatusCode.ServiceUnavailable);

        Assert.Equal(1, api.Cycle.Changes);
    }
}
