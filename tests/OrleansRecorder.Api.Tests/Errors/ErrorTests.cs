using System.Net;
using System.Text.Json.Nodes;
using Orleans.Serialization;

namespace OrleansRecorder.Api.Errors;

public sealed class ErrorTests
{
    [Theory]
    [InlineData("/api/nothing")]
    [InlineData("/nothing")]
    [InlineData("/api/config/streams/0/more")]
    [InlineData("/swagger/nothing")]
    public async Task An_unknown_path_is_404_in_the_shape_of_all_errors(string path)
    {
        await using var api = await TestApi.Start();

        var answer = await api.Fail(HttpMethod.Get, path, HttpStatusCode.NotFound);

        Assert.Equal("Not Found", (string?)answer["error"]);
        Assert.Equal($"没有这个路径: {path}", (string?)answer["message"]);
    }

    [Theory]
    [InlineData("POST", "/api/videos", "GET")]
    [InlineData("PUT", "/api/video?path=x", "DELETE, GET, HEAD")]
    [InlineData("DELETE", "/api/config", "GET, PUT")]
    [InlineData("GET", "/api/scheduler/start", "POST")]
    public async Task A_wrong_method_is_405_and_names_the_right_ones(string method, string path, string allowed)
    {
        await using var api = await TestApi.Start();

        using var response = await api.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow.Order()));
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal("Method Not Allowed", (string?)answer["error"]);
        Assert.Contains(method, (string?)answer["message"]);
    }

    [Theory]
    [InlineData("GET", "/api/config", "配置管理器未初始化")]
    [InlineData("PUT", "/api/config/global", "配置管理器未初始化")]
    [InlineData("POST", "/api/config/reload", "配置管理器未初始化")]
    [InlineData("GET", "/api/videos", "录制集群暂时无法访问, 请稍后重试")]
    [InlineData("GET", "/api/tasks", "录制集群暂时无法访问, 请稍后重试")]
    [InlineData("POST", "/api/scheduler/stop", "录制集群暂时无法访问, 请稍后重试")]
    [InlineData("GET", "/readyz", "录制集群暂时无法访问, 请稍后重试")]
    public async Task A_cluster_that_cannot_be_reached_is_503(string method, string path, string message)
    {
        await using var api = await TestApi.Start();
        Exception[] failures = [new TimeoutException("secret"), new SiloUnavailableException("secret"), new OrleansException("secret"), new CodecNotFoundException("secret")];
        foreach (var failure in failures)
        {
            api.Config.Failure = api.Cycle.Failure = failure;

            var answer = await api.Fail(new HttpMethod(method), path, HttpStatusCode.ServiceUnavailable, body: method == "PUT" ? "{}" : null);

            Assert.Equal("Service Unavailable", (string?)answer["error"]);
            Assert.Equal(message, (string?)answer["message"]);
        }
    }

    [Fact]
    public async Task A_defect_is_500_without_a_word_of_what_it_was()
    {
        await using var api = await TestApi.Start();
        api.Cycle.Failure = new InvalidOperationException("rtsp://admin:secret@camera/1");
        api.Archive.Failure = api.Cycle.Failure;

        foreach (var path in new[] { "/api/tasks", "/api/videos" })
        {
            var answer = await api.Fail(HttpMethod.Get, path, HttpStatusCode.InternalServerError);
            Assert.Equal("""{"error":"Internal Server Error","message":"服务器内部错误"}""", ApiClient.Text(answer));
        }
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("en-US,en;q=0.9", true)]
    [InlineData("EN-gb", true)]
    [InlineData("fr, en;q=0.4", true)]
    [InlineData("zh-CN;q=0.5, en;q=0.8", true)]
    [InlineData("en;q=0.5, zh-CN;q=0.8", false)]
    [InlineData("zh-CN,zh;q=0.9,en;q=0.8", false)]
    [InlineData("zh, en", false)]
    [InlineData("en, zh", true)]
    [InlineData("en;q=0", false)]
    [InlineData("fr", false)]
    [InlineData("*", false)]
    [InlineData("enx", false)]
    [InlineData(";;;,q=", false)]
    public async Task Messages_are_in_the_language_that_the_client_ranks_highest(string language, bool english)
    {
        await using var api = await TestApi.Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/nothing");
        request.Headers.TryAddWithoutValidation("Accept-Language", language);

        using var response = await api.Http.SendAsync(request);

        var message = (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["message"];
        Assert.StartsWith(english ? "there is no such path" : "没有这个路径", message);
    }
}
