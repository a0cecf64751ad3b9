using System.Net;

namespace OrleansRecorder.Api.Requests;

public sealed class CrossOriginTests
{
    [Theory]
    [InlineData("GET", "/api/config")]
    [InlineData("GET", "/api/nothing")]
    [InlineData("DELETE", "/api/video")]
    [InlineData("PATCH", "/api/videos")]
    public async Task Every_answer_may_be_read_by_any_origin_errors_too(string method, string path)
    {
        await using var api = await TestApi.Start();
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { { "Origin", "http://pages.example" } } };

        using var response = await api.Http.SendAsync(request);

        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("ETag", string.Join(",", response.Headers.GetValues("Access-Control-Expose-Headers")));
    }

    [Theory]
    [InlineData("PUT", "/api/config/global")]
    [InlineData("POST", "/api/scheduler/start")]
    [InlineData("DELETE", "/api/video?path=x")]
    [InlineData("GET", "/api/videos")]
    public async Task A_pre_flight_is_answered(string method, string path)
    {
        await using var api = await TestApi.Start();
        using var request = new HttpRequestMessage(HttpMethod.Options, path)
        {
            Headers = { { "Origin", "http://pages.example" }, { "Access-Control-Request-Method", method }, { "Access-Control-Request-Headers", "content-type, x-mine" } },
        };

        using var response = await api.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("content-type,x-mine", string.Join(",", response.Headers.GetValues("Access-Control-Allow-Headers")).Replace(" ", ""));
        var methods = string.Join(",", response.Headers.GetValues("Access-Control-Allow-Methods")).Split(',', StringSplitOptions.TrimEntries);
        Assert.Equal(["GET", "PUT", "POST", "DELETE", "OPTIONS"], methods);
    }

    [Fact]
    public async Task Options_without_an_origin_names_the_methods()
    {
        await using var api = await TestApi.Start();

        using var response = await api.Http.SendAsync(new HttpRequestMessage(HttpMethod.Options, "/api/videos"));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(["GET", "PUT", "POST", "DELETE", "OPTIONS"], response.Content.Headers.Allow);
    }
}
