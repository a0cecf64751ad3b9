using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace OrleansRecorder.Api.Requests;

public sealed class RequestBodyTests
{
    [Theory]
    [InlineData("{\"a\":1,\n  \"b\":}", "第 2 行第 7 列")]
    [InlineData("{", "JSON")]
    [InlineData("{\"a\":1,}", "JSON")]
    [InlineData("{\"a\":1} {\"b\":2}", "JSON")]
    [InlineData("{\"a\":1,\"a\":2}", "字段 a 重复")]
    [InlineData("[1]", "JSON 对象")]
    [InlineData("\"text\"", "JSON 对象")]
    [InlineData("null", "JSON 对象")]
    [InlineData("", "缺少请求体")]
    [InlineData(" \n", "缺少请求体")]
    [InlineData("{\"a\":\"\\ud800\"}", "Unicode")]
    public async Task A_body_that_is_no_JSON_object_is_refused_with_the_place(string body, string says)
    {
        await using var api = await TestApi.Start();

        foreach (var (method, path) in new[] { (HttpMethod.Put, "/api/config"), (HttpMethod.Put, "/api/config/global"), (HttpMethod.Post, "/api/config/streams"), (HttpMethod.Put, "/api/config/streams/0") })
        {
            Assert.Contains(says, (string?)(await api.Fail(method, path, HttpStatusCode.BadRequest, body))["message"]);
        }

        Assert.Null(api.Config.LastText);
    }

    [Fact]
    public async Task A_document_nested_too_deeply_is_refused()
    {
        await using var api = await TestApi.Start();

        await api.Fail(HttpMethod.Put, "/api/config", HttpStatusCode.BadRequest, string.Concat(Enumerable.Repeat("{\"a\":", 1000)) + "1" + new string('}', 1000));
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_refused()
    {
        await using var api = await TestApi.Start();

        using var response = await Put(api, [.. "{\"a\":\""u8, 0xFF, 0xFE, .. "\"}"u8], "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_byte_order_mark_is_accepted()
    {
        await using var api = await TestApi.Start();

        using var response = await Put(api, [0xEF, 0xBB, 0xBF, .. "{\"poll_cycles\":7}"u8], "application/json");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(7, (int)api.Config.Document["global_config"]!["poll_cycles"]!);
    }

    [Theory]
    [InlineData("application/json", HttpStatusCode.OK)]
    [InlineData("application/json; charset=utf-8", HttpStatusCode.OK)]
    [InlineData("application/merge-patch+json", HttpStatusCode.OK)]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json; charset=gbk", HttpStatusCode.UnsupportedMediaType)]
    public async Task Only_JSON_in_UTF_8_is_read(string? contentType, HttpStatusCode expected)
    {
        await using var api = await TestApi.Start();

        using var response = await Put(api, "{}"u8.ToArray(), contentType);

        Assert.Equal(expected, response.StatusCode);
        if (expected != HttpStatusCode.OK)
        {
            Assert.Equal("Unsupported Media Type", (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_too_large_is_refused_however_it_is_sent(bool chunked)
    {
        await using var api = await TestApi.Start(configure: options => options.MaxBodyBytes = 1000);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/config/global") { Content = new StringContent("{\"a\":\"" + new string('x', 2000) + "\"}", Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await api.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("1000", (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["message"]);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_no_error_of_the_server()
    {
        var errors = new ConcurrentQueue<string>();
        await using var api = await TestApi.Start(configure: options => options.MaxBodyBytes = 1000, logger: errors.Enqueue);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/config/global") { Content = new StringContent(new string(' ', 200_000), Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = true;

        using (await api.Http.SendAsync(request)) await api.Stop();

        Assert.Empty(errors);
    }

    private static Task<HttpResponseMessage> Put(TestApi api, byte[] body, string? contentType)
    {
        var content = new ByteArrayContent(body);
        if (contentType is not null) content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return api.Http.PutAsync("/api/config/global", content);
    }
}
