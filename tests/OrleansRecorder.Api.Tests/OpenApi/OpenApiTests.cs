using System.Net;
using System.Text.Json.Nodes;

namespace OrleansRecorder.Api.OpenApi;

public sealed class OpenApiTests
{
    private static readonly string[] Operations =
    [
        "get /api/timestamps", "get /api/videos", "get /api/videos/{timestamp}", "get /api/video", "head /api/video", "delete /api/video", "delete /api/timestamp/{timestamp}",
        "get /api/reports/{timestamp}/{file}", "head /api/reports/{timestamp}/{file}",
        "get /api/config", "put /api/config", "get /api/config/global", "put /api/config/global", "get /api/config/streams", "post /api/config/streams",
        "put /api/config/streams/{index}", "delete /api/config/streams/{index}", "post /api/config/save", "post /api/config/reload",
        "get /api/tasks", "get /api/tasks/status", "get /api/scheduler/status", "get /api/scheduler/cycle", "post /api/scheduler/start", "post /api/scheduler/stop",
        "get /api/nodes", "post /api/nodes/{name}/drain", "post /api/nodes/{name}/undrain", "delete /api/nodes/{name}", "get /api/events", "get /healthz", "get /readyz",
    ];

    [Fact]
    public async Task The_document_has_every_endpoint_and_nothing_else()
    {
        await using var api = await TestApi.Start();

        var operations = All(await Document(api)).Select(operation => $"{operation.Method} {operation.Path}");

        Assert.Equal(Operations.Order(), operations.Order());
    }

    [Fact]
    public async Task Every_operation_has_a_summary_an_answer_and_its_errors_with_schemas()
    {
        await using var api = await TestApi.Start();

        foreach (var (path, method, operation) in All(await Document(api)))
        {
            var name = $"{method} {path}";
            Assert.False(string.IsNullOrWhiteSpace((string?)operation["summary"]), name);
            var responses = operation["responses"]!.AsObject();
            Assert.True(responses["200"]?["content"]?.AsObject().All(type => type.Value!["schema"] is JsonObject { Count: > 0 }), name);
            foreach (var (status, response) in responses.Where(r => int.Parse(r.Key) >= 400))
            {
                Assert.True(response!["content"]?["application/json"]?["schema"]?["$ref"]?.ToString() == "#/components/schemas/ErrorDocument", $"{name}: {status}");
            }

            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            {
                Assert.False(string.IsNullOrWhiteSpace((string?)parameter!["description"]), $"{name}: {parameter["name"]}");
            }
        }
    }

    [Fact]
    public async Task Bodies_and_answers_are_described_in_the_names_of_the_contract()
    {
        await using var api = await TestApi.Start();

        var document = await Document(api);
        var schemas = document["components"]!["schemas"]!.AsObject();

        Assert.Equal("#/components/schemas/StreamSchema", (string?)document["paths"]!["/api/config/streams"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"]);
        Assert.Equal(["rtsp_url", "duration_seconds", "weight", "output_filename", "ingest", "accept_any_certificate"], schemas["StreamSchema"]!["properties"]!.AsObject().Select(p => p.Key));
        Assert.Equal(["rtsp_url", "duration_seconds", "weight", "output_filename"], schemas["StreamSchema"]!["required"]!.AsArray().Select(name => (string)name!));
        Assert.Contains("scheduler_stats", schemas["CycleDocument"]!["properties"]!.AsObject().Select(p => p.Key));
        Assert.Contains("first_frame_ms", schemas["TaskDocument"]!["properties"]!.AsObject().Select(p => p.Key));
        Assert.Equal("What GET and DELETE /api/video take as path.", ((string?)schemas["VideoDocument"]!["properties"]!["full_path"]!["description"])?.Replace("`", ""));
    }

    [Fact]
    public async Task The_front_page_leads_to_a_page_that_shows_the_document()
    {
        await using var api = await TestApi.Start();

        using var front = await api.Http.GetAsync("/");
        Assert.Equal(HttpStatusCode.Redirect, front.StatusCode);
        Assert.Equal("/swagger", front.Headers.Location?.OriginalString);

        using var page = await api.Http.GetAsync("/swagger/index.html");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("/openapi/v1.json", await api.Http.GetStringAsync("/swagger/index.js"));
    }

    private static Task<JsonObject> Document(TestApi api) => Fetch(api.Http);

    private static async Task<JsonObject> Fetch(HttpClient http) => JsonNode.Parse(await http.GetStringAsync("/openapi/v1.json"))!.AsObject();

    private static IEnumerable<(string Path, string Method, JsonObject Operation)> All(JsonObject document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (path.Key, operation.Key, operation.Value!.AsObject());
}
