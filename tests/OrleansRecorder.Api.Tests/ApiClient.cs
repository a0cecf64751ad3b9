using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansRecorder.Api;

/// <summary>Calls the API, and checks what every answer must be.</summary>
internal sealed class ApiClient(HttpClient http)
{
    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON of a request that must answer with this status.</summary>
    public async Task<JsonObject> Ask(HttpMethod method, string path, HttpStatusCode expected = HttpStatusCode.OK, string? body = null, string? language = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (language is not null) request.Headers.Add("Accept-Language", language);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{method} {path}: {(int)response.StatusCode} {text}");
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        return JsonNode.Parse(text)!.AsObject();
    }

    public Task<JsonObject> Get(string path, string? language = null) => Ask(HttpMethod.Get, path, language: language);

    /// <summary>The JSON of a request that must fail; it has an error's shape.</summary>
    public async Task<JsonObject> Fail(HttpMethod method, string path, HttpStatusCode expected, string? body = null, string? language = null)
    {
        var answer = await Ask(method, path, expected, body, language);
        Assert.False(string.IsNullOrEmpty((string?)answer["error"]));
        Assert.False(string.IsNullOrEmpty((string?)answer["message"]));
        return answer;
    }

    /// <summary>The JSON as the API writes it.</summary>
    public static string Text(JsonNode? node) => node!.ToJsonString(Unescaped);
}
