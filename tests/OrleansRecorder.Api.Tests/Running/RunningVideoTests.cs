using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace OrleansRecorder.Api.Running;

/// <summary>Every row of the recordings' table, against the running program and files on a real disk.</summary>
public sealed class RunningVideoTests(RunningFixture fixture) : IClassFixture<RunningFixture>
{
    private static readonly byte[] Film = [.. Enumerable.Range(0, 3_000_000).Select(i => (byte)(i * 31 / 7))];

    private ApiClient Api => fixture.Api;

    private string Output => fixture.Recorder.Output;

    [Fact]
    public async Task Files_put_there_by_hand_are_listed_and_files_removed_by_hand_are_not()
    {
        fixture.Put("20240101_000000", "b2.mp4", new byte[10]);
        fixture.Put("20240101_000000", "a1.mp4", new byte[20]);
        fixture.Put("20240101_000000", "notes.txt", new byte[99]);
        fixture.Put("20240102_000000", "c.mp4", new byte[5]);

        var listed = await fixture.Until("/api/videos", all => Names(all, "2024010").Length == 3);
        Assert.Equal(["20240101_000000/a1.mp4", "20240101_000000/b2.mp4", "20240102_000000/c.mp4"], Names(listed, "2024010"));

        var directory = await Api.Get("/api/videos/20240101_000000");
        Assert.Equal(("20240101_000000", 2), ((string?)directory["timestamp"], (int)directory["count"]!));
        Assert.True(JsonNode.DeepEquals(directory, await Api.Get("/api/videos?timestamp=20240101_000000")));
        var video = directory["videos"]![1]!;
        Assert.Equal($"{Output}/20240101_000000/b2.mp4", (string?)video["full_path"]);
        Assert.Equal(("b2.mp4", "20240101_000000", 10, "2"), ((string?)video["filename"], (string?)video["timestamp_dir"], (int)video["file_size"]!, (string?)video["stream_index"]));
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$", (string?)video["created_time"]);

        var timestamps = (await Api.Get("/api/timestamps"))["timestamps"]!.AsArray();
        var found = timestamps.First(t => (string?)t!["timestamp"] == "20240101_000000")!;
        Assert.Equal((2, 30), ((int)found["video_count"]!, (int)found["total_size"]!));
        Assert.Equal(timestamps.Select(t => (string?)t!["timestamp"]).OrderDescending(), timestamps.Select(t => (string?)t!["timestamp"]));

        File.Delete(Path.Combine(Output, "20240101_000000", "b2.mp4"));
        await fixture.Until("/api/videos/20240101_000000", all => (int)all["count"]! == 1);
    }

    [Fact]
    public async Task A_page_has_its_part_and_the_count_of_all()
    {
        for (var i = 0; i < 5; i++) fixture.Put("20230101_000000", $"p{i}.mp4", []);
        await fixture.Until("/api/timestamps", all => ApiClient.Text(all).Contains("20230101_000000"));
        await fixture.Until("/api/videos/20230101_000000", all => (int)all["count"]! == 5);

        var page = await Api.Get("/api/videos/20230101_000000?offset=1&limit=2");

        Assert.Equal(5, (int)page["count"]!);
        Assert.Equal(["p1.mp4", "p2.mp4"], page["videos"]!.AsArray().Select(v => (string?)v!["filename"]));
        await Api.Fail(HttpMethod.Get, "/api/videos?limit=none", HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/api/videos/19990101_000000")]
    [InlineData("/api/videos?timestamp=19990101_000000")]
    [InlineData("/api/videos/nonsense")]
    public async Task A_directory_that_is_not_there_is_404(string path)
    {
        await Api.Fail(HttpMethod.Get, path, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_recording_is_deleted_once()
    {
        var file = fixture.Put("20220101_000000", "d1.mp4", new byte[3]);
        var path = $"{Output}/20220101_000000/d1.mp4";

        var answer = await Api.Ask(HttpMethod.Delete, "/api/video?path=" + path);

        Assert.Equal($$"""{"success":true,"path":"{{path}}","message":"文件删除成功"}""", ApiClient.Text(answer));
        Assert.False(File.Exists(file));
        var again = await Api.Fail(HttpMethod.Delete, "/api/video?path=" + path, HttpStatusCode.NotFound);
        Assert.Equal(("Not Found", false, path), ((string?)again["error"], (bool)again["success"]!, (string?)again["path"]));
        Assert.StartsWith("文件删除失败: ", (string?)again["message"]);
        await Api.Fail(HttpMethod.Delete, "/api/video", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_directory_is_deleted_with_all_that_is_in_it_but_nothing_behind_its_links()
    {
        var kept = Keep("behind-link.mp4");
        fixture.Put("20220202_000000", "e1.mp4", new byte[3]);
        fixture.Put("20220202_000000", "report.txt", new byte[3]);
        File.CreateSymbolicLink(Path.Combine(Output, "20220202_000000", "link.mp4"), kept);
        Directory.CreateSymbolicLink(Path.Combine(Output, "20220202_000000", "sub"), Path.GetDirectoryName(kept)!);

        var answer = await Api.Ask(HttpMethod.Delete, "/api/timestamp/20220202_000000");

        Assert.Equal(
            $$"""{"success":true,"timestamp":"20220202_000000","path":"{{Output}}/20220202_000000","message":"目录删除成功"}""", ApiClient.Text(answer));
        Assert.False(Directory.Exists(Path.Combine(Output, "20220202_000000")));
        Assert.True(File.Exists(kept));
        var again = await Api.Fail(HttpMethod.Delete, "/api/timestamp/20220202_000000", HttpStatusCode.NotFound);
        Assert.Equal((false, "20220202_000000"), ((bool)again["success"]!, (string?)again["timestamp"]));
        Assert.StartsWith("目录删除失败: ", (string?)again["message"]);
    }

    [Theory]
    [InlineData("{output}/../outside.mp4")]
    [InlineData("{output}/20210101_000000/../../outside.mp4")]
    [InlineData("{output}/20210101_000000/../../../{folder}/outside.mp4")]
    [InlineData("./output/../outside.mp4")]
    [InlineData("../outside.mp4")]
    [InlineData("{absolute}")]
    [InlineData("/etc/passwd")]
    [InlineData("{output}/20210101_000000/link.mp4")]
    [InlineData("{output}/20210101_link/outside.mp4")]
    [InlineData("{output}-beside/20210101_000000/outside.mp4")]
    public async Task A_path_that_leads_outside_is_403_however_it_is_written_and_nothing_is_touched(string template)
    {
        var outside = Keep("site/outside.mp4");
        fixture.Put("20210101_000000", "f1.mp4", new byte[3]);
        Link(Path.Combine(Output, "20210101_000000", "link.mp4"), outside);
        Link(Path.Combine(Output, "20210101_link"), Path.GetDirectoryName(outside)!);
        Keep("site/output-beside/20210101_000000/outside.mp4");
        var path = template.Replace("{output}", Output).Replace("{absolute}", outside).Replace("{folder}", Path.GetFileName(Path.GetDirectoryName(fixture.Folder)!) + "/site");

        foreach (var encoded in new[] { Uri.EscapeDataString(path), path.Replace(".", "%2e").Replace("/", "%2F") })
        {
            var answer = await Api.Fail(HttpMethod.Delete, "/api/video?path=" + encoded, HttpStatusCode.Forbidden);
            Assert.Equal(("Forbidden", false, path), ((string?)answer["error"], (bool)answer["success"]!, (string?)answer["path"]));
            await Api.Fail(HttpMethod.Get, "/api/video?path=" + encoded, HttpStatusCode.Forbidden);
        }

        Assert.True(File.Exists(outside));
        Assert.True(File.Exists("/etc/passwd"));
    }

    [Theory]
    [InlineData("..%2F..%2Fsite")]
    [InlineData("%2e%2e%2Foutput")]
    [InlineData("%2Fetc")]
    [InlineData("20210303_000000%2F..%2F..")]
    public async Task A_directory_that_leads_outside_is_403_and_nothing_is_touched(string name)
    {
        fixture.Put("20210303_000000", "g1.mp4", new byte[3]);

        await Api.Fail(HttpMethod.Delete, "/api/timestamp/" + name, HttpStatusCode.Forbidden);

        Assert.True(File.Exists(Path.Combine(Output, "20210303_000000", "g1.mp4")));
        Assert.True(Directory.Exists("/etc"));
    }

    [Theory]
    [InlineData("DELETE /api/timestamp/../../../etc")]
    [InlineData("DELETE /api/timestamp/%2e%2e")]
    [InlineData("GET /api/videos/../../../../etc/passwd")]
    [InlineData("GET /api/reports/..%2f..%2f..%2fetc/passwd")]
    [InlineData("GET /api/reports/20210303_000000/..%2f..%2fconfig.json")]
    public async Task Dots_in_the_request_s_own_path_lead_nowhere(string request)
    {
        // Written by hand, since clients resolve them before they send.
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, fixture.Recorder.Http.BaseAddress!.Port);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{request} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
        var answer = await new StreamReader(connection.GetStream()).ReadToEndAsync();

        Assert.Matches("^HTTP/1.1 40[0345] ", answer);
        Assert.DoesNotContain("root:", answer);
        Assert.DoesNotContain("rtsp_url", answer);
    }

    [Fact]
    public async Task A_recording_is_downloaded_whole_and_in_ranges()
    {
        fixture.Put("20200101_000000", "h1.mp4", Film);
        var url = $"/api/video?path={Output}/20200101_000000/h1.mp4";
        using var whole = await fixture.Recorder.Http.GetAsync(url);
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        Assert.Equal("video/mp4", whole.Content.Headers.ContentType?.ToString());
        Assert.NotNull(whole.Content.Headers.LastModified);
        Assert.Equal(Film, await whole.Content.ReadAsByteArrayAsync());

        var etag = whole.Headers.ETag!.ToString();
        foreach (var (range, start, length) in new[] { ("bytes=0-99", 0, 100), ("bytes=2999990-", 2_999_990, 10), ("bytes=-5", 2_999_995, 5), ("bytes=100000-2900000", 100_000, 2_800_001) })
        {
            using var part = await Send(HttpMethod.Get, url, ("Range", range), ("If-Range", etag));
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal($"bytes {start}-{start + length - 1}/3000000", part.Content.Headers.ContentRange?.ToString());
            Assert.Equal(Film.AsSpan(start, length).ToArray(), await part.Content.ReadAsByteArrayAsync());
        }

        using var changed = await Send(HttpMethod.Get, url, ("Range", "bytes=0-9"), ("If-Range", "\"other\""));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        using var known = await Send(HttpMethod.Get, url, ("If-None-Match", etag));
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        using var beyond = await Send(HttpMethod.Get, url, ("Range", "bytes=3000000-"));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        Assert.Equal("bytes */3000000", beyond.Content.Headers.ContentRange?.ToString());
        using var head = await Send(HttpMethod.Head, url);
        Assert.Equal((HttpStatusCode.OK, 3_000_000, etag), (head.StatusCode, head.Content.Headers.ContentLength, head.Headers.ETag?.ToString()));
    }

    private static void Link(string link, string target)
    {
        if (new FileInfo(link).LinkTarget is null) File.CreateSymbolicLink(link, target);
    }

    private static string[] Names(JsonObject list, string prefix) =>
        [.. list["videos"]!.AsArray().Select(v => $"{v!["timestamp_dir"]}/{v["filename"]}").Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];

    /// <summary>A file outside the output directory.</summary>
    private string Keep(string name)
    {
        var path = fixture.Outside(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "kept");
        return path;
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, string url, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, url);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await fixture.Recorder.Http.SendAsync(request);
    }
}
