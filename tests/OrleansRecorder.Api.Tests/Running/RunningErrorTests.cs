using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace OrleansRecorder.Api.Running;

/// <summary>The general rules of the API, against the running program.</summary>
public sealed class RunningErrorTests(RunningFixture fixture) : IClassFixture<RunningFixture>
{
    private ApiClient Api => fixture.Api;

    [Theory]
    [InlineData("GET", "/api/nothing", HttpStatusCode.NotFound, "Not Found")]
    [InlineData("GET", "/favicon.ico", HttpStatusCode.NotFound, "Not Found")]
    [InlineData("POST", "/api/videos", HttpStatusCode.MethodNotAllowed, "Method Not Allowed")]
    [InlineData("GET", "/api/scheduler/start", HttpStatusCode.MethodNotAllowed, "Method Not Allowed")]
    [InlineData("GET", "/api/video", HttpStatusCode.BadRequest, "Bad Request")]
    [InlineData("POST", "/api/scheduler/stop", HttpStatusCode.Conflict, "Conflict")]
    public async Task Every_error_has_the_same_shape_in_both_languages(string method, string path, HttpStatusCode status, string error)
    {
        var chinese = await Api.Fail(new HttpMethod(method), path, status);
        var english = await Api.Fail(new HttpMethod(method), path, status, language: "en-GB,en;q=0.9,zh;q=0.1");

        Assert.Equal((error, error), ((string?)chinese["error"], (string?)english["error"]));
        Assert.Contains((string)chinese["message"]!, c => c > 0x4E00);
        Assert.DoesNotContain((string)english["message"]!, c => c > 127);
    }

    [Theory]
    [InlineData("{", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("[]", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{\"poll_cycles\":1,\"poll_cycles\":2}", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("a=1", "application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    public async Task A_body_that_cannot_be_read_changes_nothing(string body, string contentType, HttpStatusCode status)
    {
        var before = await Api.Get("/api/config");

        using var response = await fixture.Recorder.Http.PutAsync("/api/config/global", new StringContent(body, Encoding.UTF8, contentType));

        Assert.Equal(status, response.StatusCode);
        Assert.NotNull(JsonNode.Parse(await response.Content.ReadAsStringAsync())!["message"]);
        Assert.True(JsonNode.DeepEquals(before, await Api.Get("/api/config")));
    }

    [Fact]
    public async Task A_body_of_megabytes_is_refused()
    {
        using var response = await fixture.Recorder.Http.PutAsync("/api/config", new StringContent("{\"x\":\"" + new string('x', 17 << 20) + "\"}", Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task A_page_of_any_origin_may_ask()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/config/global")
        {
            Headers = { { "Origin", "http://pages.example" }, { "Access-Control-Request-Method", "PUT" }, { "Access-Control-Request-Headers", "content-type" } },
        };

        using var response = await fixture.Recorder.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("PUT", string.Join(",", response.Headers.GetValues("Access-Control-Allow-Methods")));
    }

    [Fact]
    public async Task It_says_that_it_lives_and_describes_itself()
    {
        Assert.Equal("ok", (string?)(await Api.Get("/healthz"))["status"]);
        Assert.Equal("ready", (string?)(await Api.Get("/readyz"))["status"]);
        Assert.True(JsonNode.Parse(await fixture.Recorder.Http.GetStringAsync("/openapi/v1.json"))!["paths"]!.AsObject().Count > 20);
        Assert.Contains("swagger", await fixture.Recorder.Http.GetStringAsync("/"), StringComparison.OrdinalIgnoreCase);
    }
}
