using System.Net;
using System.Text.Json.Nodes;
using OrleansRecorder.Configuration;

namespace OrleansRecorder.Api.Configuration;

public sealed class ConfigEditTests
{
    private const string NewStream = """{"rtsp_url":"rtsp://example.com/new_stream","duration_seconds":25,"weight":1.8,"output_filename":"new_stream.mp4"}""";

    [Fact]
    public async Task The_whole_document_is_replaced()
    {
        await using var api = await TestApi.Start();

        var answer = await api.Ask(HttpMethod.Put, "/api/config", body: """{"global_config":{"max_concurrent_streams":9},"streams":[{"x":1}],"mine":{"kept":true}}""");

        Assert.Equal("配置更新成功", (string?)answer["message"]);
        Assert.True((bool)answer["success"]!);
        Assert.True((bool)api.Config.Document["mine"]!["kept"]!);
    }

    [Fact]
    public async Task Warnings_of_an_answer_do_not_come_back_as_configuration_and_numbers_stay_as_written()
    {
        await using var api = await TestApi.Start();

        await api.Ask(HttpMethod.Put, "/api/config", body: """{"global_config":{},"streams":[{"weight":2.50}],"warnings":["?"]}""");
        Assert.Equal("""{"global_config":{},"streams":[{"weight":2.50}]}""", api.Config.LastText);

        await api.Ask(HttpMethod.Put, "/api/config/global", body: """{"poll_cycles":5,"warnings":[]}""");
        Assert.Equal("""{"poll_cycles":5}""", api.Config.LastText);
    }

    [Fact]
    public async Task Global_settings_are_changed_field_by_field_and_shown_whole()
    {
        await using var api = await TestApi.Start();

        var answer = await api.Ask(HttpMethod.Put, "/api/config/global", body: """{"max_concurrent_streams":3,"poll_cycles":5,"cycle_interval_seconds":45}""");

        Assert.Equal("全局配置更新成功", (string?)answer["message"]);
        Assert.Equal(3, (int)answer["updated_config"]!["max_concurrent_streams"]!);
        Assert.Equal(60, (int)answer["updated_config"]!["total_poll_duration_seconds"]!);
    }

    [Fact]
    public async Task A_stream_is_added_changed_and_removed_under_both_names_of_its_index()
    {
        await using var api = await TestApi.Start();

        var added = await api.Ask(HttpMethod.Post, "/api/config/streams", body: NewStream);
        Assert.Equal($$"""{"success":true,"message":"流配置添加成功","stream_index":2,"added_stream":{{NewStream}},"index":2}""", ApiClient.Text(added));

        var updated = await api.Ask(HttpMethod.Put, "/api/config/streams/0", body: """{"duration_seconds":30,"weight":2.0}""");
        Assert.Equal(
            """{"success":true,"message":"流配置更新成功","stream_index":0,"updated_stream":{"rtsp_url":"rtsp://example.com/stream1","duration_seconds":30,"weight":2.0,"output_filename":"test_stream1.mp4"},"index":0}""",
            ApiClient.Text(updated));

        var deleted = await api.Ask(HttpMethod.Delete, "/api/config/streams/1");
        Assert.Equal("""{"success":true,"message":"流配置删除成功","deleted_stream_index":1,"deleted_index":1}""", ApiClient.Text(deleted));
    }

    [Theory]
    [InlineData("PUT", "5", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "5", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "-1", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "99999999999", HttpStatusCode.NotFound)]
    [InlineData("PUT", "abc", HttpStatusCode.BadRequest)]
    [InlineData("DELETE", "1.5", HttpStatusCode.BadRequest)]
    public async Task An_index_without_a_stream_is_named(string method, string index, HttpStatusCode status)
    {
        await using var api = await TestApi.Start();

        var answer = await api.Fail(new HttpMethod(method), "/api/config/streams/" + index, status, body: method == "PUT" ? "{}" : null);

        Assert.Equal($"无效的流索引: {index}", (string?)answer["message"]);
        Assert.Equal(2, api.Config.Document["streams"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("PUT", "/api/config", "配置验证失败: 甲; 乙")]
    [InlineData("PUT", "/api/config/global", "配置验证失败: 甲; 乙")]
    [InlineData("POST", "/api/config/streams", "流配置参数不完整或不合法: 甲; 乙")]
    [InlineData("PUT", "/api/config/streams/0", "流配置参数不完整或不合法: 甲; 乙")]
    [InlineData("DELETE", "/api/config/streams/0", "配置验证失败: 甲; 乙")]
    [InlineData("POST", "/api/config/reload", "配置验证失败: 甲; 乙")]
    public async Task An_edit_that_is_not_valid_says_every_problem_at_once(string method, string path, string message)
    {
        await using var api = await TestApi.Start();
        api.Config.Refusal = (ConfigResult.Invalid, [new("甲", "a"), new("乙", "b")]);

        var answer = await api.Fail(new HttpMethod(method), path, HttpStatusCode.BadRequest, body: method == "DELETE" || path.EndsWith("reload") ? null : "{}");

        Assert.Equal("Bad Request", (string?)answer["error"]);
        Assert.Equal(message, (string?)answer["message"]);
    }

    [Theory]
    [InlineData(ConfigResult.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData(ConfigResult.FileNotFound, HttpStatusCode.NotFound)]
    [InlineData(ConfigResult.Failed, HttpStatusCode.InternalServerError)]
    public async Task A_file_that_cannot_be_written_or_read_says_why(ConfigResult result, HttpStatusCode status)
    {
        await using var api = await TestApi.Start();
        api.Config.Refusal = (result, [new("原因", "the reason")]);

        Assert.Equal("配置保存失败: 原因", (string?)(await api.Fail(HttpMethod.Post, "/api/config/save", status, body: """{"file_path":"/etc/x"}"""))["message"]);
        Assert.Equal("配置重新加载失败: 原因", (string?)(await api.Fail(HttpMethod.Post, "/api/config/reload", status))["message"]);
    }

    [Theory]
    [InlineData(null, "config.json")]
    [InlineData("", "config.json")]
    [InlineData("{}", "config.json")]
    [InlineData("""{"file_path":null}""", "config.json")]
    [InlineData("""{"file_path":"other.json"}""", "other.json")]
    public async Task Saving_goes_to_the_named_file_or_to_its_own(string? body, string path)
    {
        await using var api = await TestApi.Start();

        var answer = await api.Ask(HttpMethod.Post, "/api/config/save", body: body);

        Assert.Equal($$"""{"success":true,"message":"配置保存成功","saved_to":"{{path}}","file_path":"{{path}}"}""", ApiClient.Text(answer));
    }

    [Theory]
    [InlineData("""{"file_path":7}""")]
    [InlineData("""{"file_path":" "}""")]
    [InlineData("""{"file_path":["a"]}""")]
    [InlineData("""{"file_pth":"other.json"}""")]
    public async Task A_file_path_that_is_misspelt_or_of_the_wrong_type_is_refused_by_name(string body)
    {
        await using var api = await TestApi.Start();

        Assert.Contains("file_path", (string?)(await api.Fail(HttpMethod.Post, "/api/config/save", HttpStatusCode.BadRequest, body))["message"]);
    }

    [Fact]
    public async Task Reloading_says_from_where()
    {
        await using var api = await TestApi.Start();

        Assert.Equal(
            """{"success":true,"message":"配置重新加载成功","loaded_from":"config.json","file_path":"config.json"}""",
            ApiClient.Text(await api.Ask(HttpMethod.Post, "/api/config/reload")));
    }

    [Fact]
    public async Task An_edit_tells_of_likely_misspellings()
    {
        await using var api = await TestApi.Start();
        api.Config.Warnings = [new("未知字段", "unknown field")];

        foreach (var (method, path) in new[] { ("PUT", "/api/config/global"), ("POST", "/api/config/streams"), ("PUT", "/api/config/streams/0") })
        {
            Assert.Equal("""["unknown field"]""", (await api.Ask(new HttpMethod(method), path, body: "{}", language: "en"))["warnings"]!.ToJsonString());
        }
    }
}
