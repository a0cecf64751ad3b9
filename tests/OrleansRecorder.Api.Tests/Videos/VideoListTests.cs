using System.Net;
using System.Text.Json.Nodes;

namespace OrleansRecorder.Api.Videos;

public sealed class VideoListTests
{
    [Fact]
    public async Task Directories_are_listed_newest_first()
    {
        await using var api = await TestApi.Start();
        api.Archive.Add("20251010_163000", "a1.mp4", new byte[10]).Add("20251010_163000", "a2.mp4", new byte[5]).Add("20251010_163100", "a1.mp4", new byte[7]);

        var answer = await api.Get("/api/timestamps");

        Assert.Equal("""{"count":2,"timestamps":[{"timestamp":"20251010_163100","video_count":1,"total_size":7},{"timestamp":"20251010_163000","video_count":2,"total_size":15}]}""", answer.ToJsonString());
    }

    [Fact]
    public async Task A_recording_is_listed_with_the_fields_of_the_contract()
    {
        await using var api = await TestApi.Start();
        api.Archive.Add("20251010_163000", "test_stream1.mp4", new byte[10]);

        var answer = await api.Get("/api/videos");

        Assert.Equal(1, (int)answer["count"]!);
        Assert.False(answer.ContainsKey("timestamp"));
        Assert.False(answer.ContainsKey("unavailable_nodes"));
        Assert.Equal(
            """{"filename":"test_stream1.mp4","full_path":"./output/20251010_163000/test_stream1.mp4","timestamp_dir":"20251010_163000","file_size":10,"created_time":"2025-10-10 16:30:26","stream_index":"1","node":"node-1"}""",
            answer["videos"]![0]!.ToJsonString());
    }

    [Theory]
    [InlineData("/api/videos?timestamp=20251010_163100")]
    [InlineData("/api/videos/20251010_163100")]
    public async Task Both_ways_to_name_a_directory_list_it(string path)
    {
        await using var api = await TestApi.Start();
        api.Archive.Add("20251010_163000", "a1.mp4", new byte[1]).Add("20251010_163100", "b1.mp4", new byte[1]);

        var answer = await api.Get(path);

        Assert.Equal("20251010_163100", (string?)answer["timestamp"]);
        Assert.Equal(["b1.mp4"], Names(answer));
        await api.Fail(HttpMethod.Get, path.Replace("163100", "999999"), HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("cam12_b3.mp4", "3")]
    [InlineData("gate.mp4", "")]
    [InlineData("cam7.part2.mp4", "7")]
    [InlineData("007.mp4", "007")]
    public async Task The_stream_index_is_the_last_run_of_digits_that_names_the_stream(string filename, string index)
    {
        await using var api = await TestApi.Start();
        api.Archive.Add("20251010_163000", filename, new byte[1]);

        Assert.Equal(index, (string?)(await api.Get("/api/videos"))["videos"]![0]!["stream_index"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_page_is_cut_from_the_whole_whatever_the_number_of_nodes(int nodes)
    {
        await using var api = await TestApi.Start(nodes);
        for (var i = 0; i < 9; i++) api.Archives[i % nodes].Add($"20251010_16300{i / 3}", $"cam{i}.mp4", new byte[1]);

        var page = await api.Get("/api/videos?offset=2&limit=4");
        Assert.Equal(9, (int)page["count"]!);
        Assert.Equal(["cam2.mp4", "cam3.mp4", "cam4.mp4", "cam5.mp4"], Names(page));

        var directories = await api.Get("/api/timestamps?limit=1&offset=1");
        Assert.Equal(3, (int)directories["count"]!);
        Assert.Equal("20251010_163001", (string?)directories["timestamps"]![0]!["timestamp"]);
        Assert.Equal(3, (int)directories["timestamps"]![0]!["video_count"]!);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("offset=-1", "offset")]
    [InlineData("offset=1.5", "offset")]
    [InlineData("offset=99999999999", "offset")]
    public async Task A_page_that_makes_no_sense_is_refused_by_name(string query, string field)
    {
        await using var api = await TestApi.Start();

        Assert.Contains(field, (string?)(await api.Fail(HttpMethod.Get, "/api/videos?" + query, HttpStatusCode.BadRequest))["message"]);
        Assert.Contains(field, (string?)(await api.Fail(HttpMethod.Get, "/api/timestamps?" + query, HttpStatusCode.BadRequest))["message"]);
    }

    [Fact]
    public async Task A_node_that_does_not_answer_in_time_is_named_and_the_rest_is_served()
    {
        await using var api = await TestApi.Start(nodes: 3);
        api.Archives[0].Add("20251010_163000", "a1.mp4", new byte[1]);
        api.Archives[1].Silence = new TaskCompletionSource();
        api.Archives[2].Failure = new SiloUnavailableException("gone");

        foreach (var path in new[] { "/api/videos", "/api/videos/20251010_163000", "/api/timestamps" })
        {
            var answer = await api.Get(path);
            Assert.Equal(1, (int)answer["count"]!);
            Assert.Equal("""["node-2","node-3"]""", answer["unavailable_nodes"]!.ToJsonString());
        }
    }

    [Fact]
    public async Task A_slow_node_is_waited_for_while_no_other_has_answered()
    {
        await using var api = await TestApi.Start(nodes: 2, options => options.NodeDeadline = TimeSpan.FromMilliseconds(50));
        api.Archives[0].Silence = new TaskCompletionSource();
        api.Archives[1].Failure = new TimeoutException();
        api.Archives[0].Add("20251010_163000", "a1.mp4", new byte[1]);

        var listing = api.Get("/api/videos");
        await Task.Delay(200);
        Assert.False(listing.IsCompleted);

        api.Archives[0].Silence!.SetResult();
        Assert.Equal(1, (int)(await listing)["count"]!);
    }

    [Fact]
    public async Task Lists_are_503_when_no_node_can_be_reached()
    {
        await using var api = await TestApi.Start(nodes: 2);
        foreach (var archive in api.Archives) archive.Failure = new TimeoutException();

        await api.Fail(HttpMethod.Get, "/api/videos", HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task The_directory_is_the_one_configured_now()
    {
        await using var api = await TestApi.Start();
        api.Archive.Add("20251010_163000", "a1.mp4", new byte[1]);
        await api.Ask(HttpMethod.Put, "/api/config/global", body: """{"output_directory":"/srv/films/"}""");

        Assert.Equal("/srv/films/20251010_163000/a1.mp4", (string?)(await api.Get("/api/videos"))["videos"]![0]!["full_path"]);
        Assert.Equal("/srv/films/", api.Archive.OutputDirectory);
    }

    [Fact]
    public async Task A_hundred_thousand_recordings_are_listed_without_holding_them_all_as_text()
    {
        await using var api = await TestApi.Start();
        for (var i = 0; i < 100_000; i++) api.Archive.Add($"20251010_{i / 100:000000}", $"cam{i % 100}.mp4", []);

        using var response = await api.Http.GetAsync("/api/videos", HttpCompletionOption.ResponseHeadersRead);

        // A length would mean that the answer was written somewhere before it was sent.
        Assert.Null(response.Content.Headers.ContentLength);
        var answer = JsonNode.Parse(await response.Content.ReadAsByteArrayAsync())!.AsObject();
        Assert.Equal(100_000, (int)answer["count"]!);
        Assert.Equal(100_000, answer["videos"]!.AsArray().Count);
    }

    private static string[] Names(JsonObject answer) => [.. answer["videos"]!.AsArray().Select(video => (string)video!["filename"]!)];
}
