using System.Net;
using OrleansRecorder.Archive;

namespace OrleansRecorder.Api.Videos;

public sealed class VideoDeletionTests
{
    private const string Path = "./output/20251010_163000/a1.mp4";

    [Fact]
    public async Task A_recording_is_deleted_by_its_full_path_wherever_it_is()
    {
        await using var api = await TestApi.Start(nodes: 2);
        api.Archives[1].Add("20251010_163000", "a1.mp4", new byte[1]);

        var answer = await api.Ask(HttpMethod.Delete, "/api/video?path=" + Path);

        Assert.Equal($$"""{"success":true,"path":"{{Path}}","message":"文件删除成功"}""", ApiClient.Text(answer));
        Assert.False(api.Archives[1].Has("20251010_163000", "a1.mp4"));
    }

    [Fact]
    public async Task A_directory_is_deleted_on_every_node()
    {
        await using var api = await TestApi.Start(nodes: 3);
        api.Archives[0].Add("20251010_163000", "a1.mp4", new byte[1]);
        api.Archives[2].Add("20251010_163000", "a2.mp4", new byte[1]);

        var answer = await api.Ask(HttpMethod.Delete, "/api/timestamp/20251010_163000");

        Assert.Equal("""{"success":true,"timestamp":"20251010_163000","path":"./output/20251010_163000","message":"目录删除成功"}""", ApiClient.Text(answer));
        Assert.False(api.Archives[0].Has("20251010_163000", "a1.mp4"));
        Assert.False(api.Archives[2].Has("20251010_163000", "a2.mp4"));
    }

    [Theory]
    [InlineData(ArchiveResult.NotFound, HttpStatusCode.NotFound, "Not Found")]
    [InlineData(ArchiveResult.Forbidden, HttpStatusCode.Forbidden, "Forbidden")]
    [InlineData(ArchiveResult.InUse, HttpStatusCode.Conflict, "Conflict")]
    [InlineData(ArchiveResult.Invalid, HttpStatusCode.BadRequest, "Bad Request")]
    [InlineData(ArchiveResult.Failed, HttpStatusCode.InternalServerError, "Internal Server Error")]
    public async Task A_deletion_that_fails_says_why_in_the_shape_of_both(ArchiveResult result, HttpStatusCode status, string error)
    {
        await using var api = await TestApi.Start();
        var reason = new LocalizedText("原因", "the reason");
        api.Archive.Refusals[Path] = (result, reason);
        api.Archive.Refusals["20251010_163000"] = (result, reason);

        var file = await api.Fail(HttpMethod.Delete, "/api/video?path=" + Path, status);
        Assert.Equal($$"""{"error":"{{error}}","success":false,"path":"{{Path}}","message":"文件删除失败: 原因"}""", ApiClient.Text(file));

        var directory = await api.Fail(HttpMethod.Delete, "/api/timestamp/20251010_163000", status);
        Assert.Equal($$"""{"error":"{{error}}","success":false,"timestamp":"20251010_163000","path":"./output/20251010_163000","message":"目录删除失败: 原因"}""", ApiClient.Text(directory));

        var english = await api.Fail(HttpMethod.Delete, "/api/video?path=" + Path, status, language: "en");
        Assert.Equal("the file was not deleted: the reason", (string?)english["message"]);
    }

    [Theory]
    [InlineData("/api/video")]
    [InlineData("/api/video?path=")]
    public async Task A_deletion_without_a_path_is_refused(string request)
    {
        await using var api = await TestApi.Start();

        Assert.Contains("path", (string?)(await api.Fail(HttpMethod.Delete, request, HttpStatusCode.BadRequest))["message"]);
    }

    [Fact]
    public async Task One_node_that_refuses_outweighs_one_that_deleted()
    {
        await using var api = await TestApi.Start(nodes: 2);
        api.Archives[0].Add("20251010_163000", "a1.mp4", new byte[1]);
        api.Archives[1].Refusals["20251010_163000"] = (ArchiveResult.InUse, new LocalizedText("正在录制", "being recorded"));

        await api.Fail(HttpMethod.Delete, "/api/timestamp/20251010_163000", HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_file_that_no_answering_node_has_may_be_on_a_silent_one()
    {
        await using var api = await TestApi.Start(nodes: 2);
        api.Archives[1].Silence = new TaskCompletionSource();

        var answer = await api.Fail(HttpMethod.Delete, "/api/video?path=" + Path, HttpStatusCode.ServiceUnavailable);

        Assert.Contains("node-2", (string?)answer["message"]);
        await api.Fail(HttpMethod.Get, "/api/video?path=" + Path, HttpStatusCode.ServiceUnavailable);
    }

    [Theory]
    [InlineData("/api/timestamp/..%2F..%2Fetc")]
    [InlineData("/api/timestamp/%2e%2e%2f%2e%2e%2fetc")]
    public async Task An_encoded_slash_reaches_the_archive_as_a_slash(string request)
    {
        await using var api = await TestApi.Start();
        api.Archive.Refusals["../../etc"] = (ArchiveResult.Forbidden, new LocalizedText("在输出目录之外", "outside the output directory"));

        var answer = await api.Fail(HttpMethod.Delete, request, HttpStatusCode.Forbidden);

        Assert.Equal("../../etc", (string?)answer["timestamp"]);
    }
}
