using System.Net;
using System.Text.Json.Nodes;

namespace OrleansRecorder.Api.Running;

/// <summary>Every row of the configuration's table, against the running program.</summary>
public sealed class RunningConfigTests(RunningFixture fixture) : IClassFixture<RunningFixture>, IAsyncLifetime
{
    private ApiClient Api => fixture.Api;

    /// <summary>Every test begins with the first configuration.</summary>
    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(fixture.Recorder.ConfigFile, RunningFixture.Config);
        await Api.Ask(HttpMethod.Post, "/api/config/reload");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_configuration_is_shown_whole_and_in_parts()
    {
        var file = JsonNode.Parse(RunningFixture.Config)!;

        Assert.True(JsonNode.DeepEquals(file, await Api.Get("/api/config")));
        Assert.True(JsonNode.DeepEquals(file["global_config"], await Api.Get("/api/config/global")));

        var streams = await Api.Get("/api/config/streams");
        Assert.Equal(2, (int)streams["count"]!);
        Assert.Equal([0, 1], streams["streams"]!.AsArray().Select(stream => (int)stream!["index"]!));
        Assert.Equal("门口", (string?)streams["streams"]![1]!["place"]);
    }

    [Fact]
    public async Task The_whole_configuration_is_replaced()
    {
        var document = (await Api.Get("/api/config"))!;
        document["global_config"]!["max_concurrent_streams"] = 7;
        document["streams"]!.AsArray().RemoveAt(0);
        document["owner"] = "我";

        var answer = await Api.Ask(HttpMethod.Put, "/api/config", body: document.ToJsonString());

        Assert.Equal((true, "配置更新成功"), ((bool)answer["success"]!, (string?)answer["message"]));
        Assert.True(JsonNode.DeepEquals(document, await Api.Get("/api/config")));
    }

    [Fact]
    public async Task Global_settings_are_changed_field_by_field()
    {
        var answer = await Api.Ask(HttpMethod.Put, "/api/config/global", body: """{"max_concurrent_streams":3,"poll_cycles":5,"cycle_interval_seconds":45}""");

        Assert.Equal((true, "全局配置更新成功"), ((bool)answer["success"]!, (string?)answer["message"]));
        Assert.Equal((3, 60), ((int)answer["updated_config"]!["max_concurrent_streams"]!, (int)answer["updated_config"]!["total_poll_duration_seconds"]!));
        Assert.True(JsonNode.DeepEquals(answer["updated_config"], await Api.Get("/api/config/global")));
    }

    [Fact]
    public async Task A_stream_is_added_changed_and_removed()
    {
        const string NewStream = """{"rtsp_url":"rtsp://example.com/new_stream","duration_seconds":25,"weight":1.8,"output_filename":"new_stream.mp4"}""";
        var added = await Api.Ask(HttpMethod.Post, "/api/config/streams", body: NewStream);
        Assert.Equal((true, "流配置添加成功", 2, 2), ((bool)added["success"]!, (string?)added["message"], (int)added["stream_index"]!, (int)added["index"]!));
        Assert.Equal(NewStream, ApiClient.Text(added["added_stream"]));

        var updated = await Api.Ask(HttpMethod.Put, "/api/config/streams/1", body: """{"duration_seconds":30,"weight":2.0}""");
        Assert.Equal((true, "流配置更新成功", 1, 1), ((bool)updated["success"]!, (string?)updated["message"], (int)updated["stream_index"]!, (int)updated["index"]!));
        Assert.Equal((30, "门口"), ((int)updated["updated_stream"]!["duration_seconds"]!, (string?)updated["updated_stream"]!["place"]));

        var deleted = await Api.Ask(HttpMethod.Delete, "/api/config/streams/0");
        Assert.Equal((true, "流配置删除成功", 0, 0), ((bool)deleted["success"]!, (string?)deleted["message"], (int)deleted["deleted_stream_index"]!, (int)deleted["deleted_index"]!));
        Assert.Equal("test_stream2.mp4", (string?)(await Api.Get("/api/config/streams"))["streams"]![0]!["output_filename"]);
    }

    [Fact]
    public async Task A_stream_is_given_a_way_of_its_own_and_shows_it()
    {
        const string NewStream =
            """{"rtsp_url":"rtsps://example.com/new","duration_seconds":25,"weight":1,"output_filename":"new.mp4","ingest":"auto","accept_any_certificate":true}""";
        var added = await Api.Ask(HttpMethod.Post, "/api/config/streams", body: NewStream);
        Assert.Equal(NewStream, ApiClient.Text(added["added_stream"]));

        await Api.Ask(HttpMethod.Put, "/api/config/streams/2", body: """{"ingest":"ffmpeg","accept_any_certificate":false}""");
        var listed = (await Api.Get("/api/config/streams"))["streams"]!;
        Assert.Equal(("ffmpeg", false), ((string?)listed[2]!["ingest"], (bool)listed[2]!["accept_any_certificate"]!));
        Assert.False(listed[0]!.AsObject().ContainsKey("ingest"));

        var error = await Api.Fail(HttpMethod.Put, "/api/config/streams/0", HttpStatusCode.BadRequest, body: """{"ingest":"gstreamer","accept_any_certificate":"no"}""");
        Assert.Equal("流配置参数不完整或不合法: ingest 必须是 auto 或 ffmpeg; accept_any_certificate 必须是 true 或 false", (string?)error["message"]);
    }

    [Fact]
    public async Task A_stream_goes_back_as_it_was_listed()
    {
        var listed = (await Api.Get("/api/config/streams"))["streams"]![0]!;

        var answer = await Api.Ask(HttpMethod.Put, "/api/config/streams/0", body: listed.ToJsonString());

        Assert.False(answer["updated_stream"]!.AsObject().ContainsKey("index"));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(RunningFixture.Config), await Api.Get("/api/config")));
    }

    [Fact]
    public async Task The_last_stream_cannot_be_deleted()
    {
        await Api.Ask(HttpMethod.Delete, "/api/config/streams/0");

        await Api.Fail(HttpMethod.Delete, "/api/config/streams/0", HttpStatusCode.BadRequest);

        Assert.Equal(1, (int)(await Api.Get("/api/config/streams"))["count"]!);
    }

    [Theory]
    [InlineData("total_poll_duration_seconds", "0")]
    [InlineData("total_poll_duration_seconds", "-1")]
    [InlineData("total_poll_duration_seconds", "\"60\"")]
    [InlineData("max_concurrent_streams", "0")]
    [InlineData("max_concurrent_streams", "1.5")]
    [InlineData("max_concurrent_streams", "true")]
    [InlineData("max_concurrent_streams", "null")]
    [InlineData("max_concurrent_streams", "99999999999999999999")]
    [InlineData("output_directory", "\"\"")]
    [InlineData("output_directory", "7")]
    [InlineData("report_filename", "\"../report.json\"")]
    [InlineData("report_filename", "[]")]
    [InlineData("connection_timeout_seconds", "0")]
    [InlineData("read_timeout_seconds", "-5")]
    [InlineData("poll_cycles", "0")]
    [InlineData("poll_cycles", "-2")]
    [InlineData("cycle_interval_seconds", "-1")]
    [InlineData("cycle_interval_seconds", "{}")]
    public async Task A_global_setting_that_is_not_valid_is_refused_by_name_and_nothing_changes(string field, string value)
    {
        var answer = await Api.Fail(HttpMethod.Put, "/api/config/global", HttpStatusCode.BadRequest, $$"""{"another":9,"{{field}}":{{value}}}""");

        Assert.StartsWith("配置验证失败: ", (string?)answer["message"]);
        Assert.Contains(field, (string?)answer["message"]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(RunningFixture.Config), await Api.Get("/api/config")));
    }

    [Fact]
    public async Task The_message_of_the_contract_is_kept_word_for_word()
    {
        var answer = await Api.Fail(HttpMethod.Put, "/api/config/global", HttpStatusCode.BadRequest, """{"max_concurrent_streams":0}""");

        Assert.Equal("""{"error":"Bad Request","message":"配置验证失败: max_concurrent_streams 必须大于 0"}""", ApiClient.Text(answer));
    }

    [Theory]
    [InlineData("rtsp_url", null)]
    [InlineData("rtsp_url", "\"stream1\"")]
    [InlineData("rtsp_url", "\"http://example.com/stream\"")]
    [InlineData("rtsp_url", "7")]
    [InlineData("duration_seconds", null)]
    [InlineData("duration_seconds", "0")]
    [InlineData("duration_seconds", "\"25\"")]
    [InlineData("weight", null)]
    [InlineData("weight", "-1")]
    [InlineData("weight", "false")]
    [InlineData("output_filename", null)]
    [InlineData("output_filename", "\"film.avi\"")]
    [InlineData("output_filename", "\"../film.mp4\"")]
    [InlineData("output_filename", "\"/etc/film.mp4\"")]
    [InlineData("output_filename", "\"test_stream1.mp4\"")]
    [InlineData("output_filename", "\"\"")]
    public async Task A_stream_that_is_incomplete_or_not_valid_is_refused_by_field(string field, string? value)
    {
        var stream = JsonNode.Parse("""{"rtsp_url":"rtsp://example.com/new","duration_seconds":25,"weight":1.8,"output_filename":"new.mp4"}""")!.AsObject();
        stream.Remove(field);
        if (value is not null) stream[field] = JsonNode.Parse(value);

        var answer = await Api.Fail(HttpMethod.Post, "/api/config/streams", HttpStatusCode.BadRequest, stream.ToJsonString());

        Assert.StartsWith("流配置参数不完整或不合法: ", (string?)answer["message"]);
        Assert.Contains(field, (string?)answer["message"]);
        if (value is not null && field != "output_filename")
        {
            answer = await Api.Fail(HttpMethod.Put, "/api/config/streams/0", HttpStatusCode.BadRequest, $$"""{"another":99,"{{field}}":{{value}}}""");
            Assert.Contains(field, (string?)answer["message"]);
        }

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(RunningFixture.Config), await Api.Get("/api/config")));
    }

    [Fact]
    public async Task Every_problem_of_a_document_is_told_at_once_in_either_language()
    {
        const string Body = """{"global_config":{"max_concurrent_streams":0,"poll_cycles":0},"streams":[{"weight":0}]}""";

        var chinese = (string?)(await Api.Fail(HttpMethod.Put, "/api/config", HttpStatusCode.BadRequest, Body))["message"];
        var english = (string?)(await Api.Fail(HttpMethod.Put, "/api/config", HttpStatusCode.BadRequest, Body, "en"))["message"];

        foreach (var field in new[] { "max_concurrent_streams", "poll_cycles", "weight", "rtsp_url", "output_directory" })
        {
            Assert.Contains(field, chinese);
            Assert.Contains(field, english);
        }

        Assert.DoesNotContain(english!, c => c > 127);
    }

    [Theory]
    [InlineData("PUT", "5", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "5", HttpStatusCode.NotFound)]
    [InlineData("PUT", "-1", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "abc", HttpStatusCode.BadRequest)]
    public async Task An_index_without_a_stream_is_named(string method, string index, HttpStatusCode status)
    {
        var answer = await Api.Fail(new HttpMethod(method), "/api/config/streams/" + index, status, method == "PUT" ? """{"weight":2}""" : null);

        Assert.Equal($"无效的流索引: {index}", (string?)answer["message"]);
    }

    [Fact]
    public async Task A_misspelled_field_is_kept_and_named_in_a_warning()
    {
        var answer = await Api.Ask(HttpMethod.Put, "/api/config/streams/0", body: """{"wieght":3}""");

        Assert.Contains("wieght", (string?)answer["warnings"]![0]);
        Assert.Equal(3, (int)(await Api.Get("/api/config"))["streams"]![0]!["wieght"]!);
        Assert.Contains("wieght", (string?)(await Api.Get("/api/config/streams"))["warnings"]![0]);
    }

    [Fact]
    public async Task Saving_writes_the_file_for_its_owner_only()
    {
        await Api.Ask(HttpMethod.Put, "/api/config/global", body: """{"poll_cycles":8}""");

        var answer = await Api.Ask(HttpMethod.Post, "/api/config/save");

        Assert.Equal((true, "配置保存成功"), ((bool)answer["success"]!, (string?)answer["message"]));
        Assert.Equal("config.json", Path.GetFileName((string?)answer["saved_to"]));
        Assert.Equal((string?)answer["saved_to"], (string?)answer["file_path"]);
        Assert.True(JsonNode.DeepEquals(await Api.Get("/api/config"), JsonNode.Parse(await File.ReadAllTextAsync(fixture.Recorder.ConfigFile))));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(fixture.Recorder.ConfigFile));
    }

    [Fact]
    public async Task Saving_goes_to_another_file_of_the_same_directory_and_no_further()
    {
        var other = Path.Combine(fixture.Folder, "other.json");
        Assert.Equal("other.json", (string?)(await Api.Ask(HttpMethod.Post, "/api/config/save", body: """{"file_path":"other.json"}"""))["saved_to"]);
        Assert.True(File.Exists(other));

        File.WriteAllText(fixture.Outside("target.json"), "untouched");
        File.CreateSymbolicLink(Path.Combine(fixture.Folder, "link.json"), fixture.Outside("target.json"));
        Directory.CreateSymbolicLink(Path.Combine(fixture.Folder, "away"), fixture.Outside(""));
        foreach (var path in new[] { "../evil.json", "sub/../../evil.json", fixture.Outside("evil.json"), "away/evil.json" })
        {
            await Api.Fail(HttpMethod.Post, "/api/config/save", HttpStatusCode.Forbidden, new JsonObject { ["file_path"] = path }.ToJsonString());
            Assert.False(File.Exists(fixture.Outside("evil.json")));
        }

        await Api.Fail(HttpMethod.Post, "/api/config/save", HttpStatusCode.Forbidden, """{"file_path":"link.json"}""");
        Assert.Equal("untouched", File.ReadAllText(fixture.Outside("target.json")));
    }

    [Fact]
    public async Task Reloading_reads_what_was_edited_by_hand()
    {
        await File.WriteAllTextAsync(fixture.Recorder.ConfigFile, RunningFixture.Config.Replace("\"poll_cycles\": 3", "\"poll_cycles\": 11"));

        var answer = await Api.Ask(HttpMethod.Post, "/api/config/reload");

        Assert.Equal((true, "配置重新加载成功"), ((bool)answer["success"]!, (string?)answer["message"]));
        Assert.Equal("config.json", Path.GetFileName((string?)answer["loaded_from"]));
        Assert.Equal((string?)answer["loaded_from"], (string?)answer["file_path"]);
        Assert.Equal(11, (int)(await Api.Get("/api/config/global"))["poll_cycles"]!);
    }

    [Fact]
    public async Task Reloading_a_broken_file_changes_nothing_and_says_where_it_is_broken()
    {
        var broken = RunningFixture.Config.Replace("\"max_concurrent_streams\": 2,", "\"max_concurrent_streams\": ,");
        await File.WriteAllTextAsync(fixture.Recorder.ConfigFile, broken);

        var answer = await Api.Fail(HttpMethod.Post, "/api/config/reload", HttpStatusCode.BadRequest);

        Assert.Matches("第 4 行第 [0-9]+ 列", (string?)answer["message"]);
        Assert.Equal(broken, await File.ReadAllTextAsync(fixture.Recorder.ConfigFile));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(RunningFixture.Config), await Api.Get("/api/config")));

        File.Delete(fixture.Recorder.ConfigFile);
        await Api.Fail(HttpMethod.Post, "/api/config/reload", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Edits_made_at_once_never_lose_one_another()
    {
        var edits = Enumerable.Range(0, 40).Select(i => Api.Ask(HttpMethod.Post, "/api/config/streams", body:
                $$"""{"rtsp_url":"rtsp://example.com/many{{i}}","duration_seconds":10,"weight":1,"output_filename":"many{{i}}.mp4"}"""))
            .Concat(Enumerable.Range(0, 20).Select(i => Api.Ask(HttpMethod.Put, "/api/config/global", body: $$"""{"note_{{i}}":{{i}}}""")))
            .Concat(Enumerable.Range(0, 20).Select(i => Api.Ask(HttpMethod.Put, $"/api/config/streams/{i % 2}", body: $$"""{"note_{{i}}":{{i}}}""")))
            .ToArray();
        var answers = await Task.WhenAll(edits);

        var after = await Api.Get("/api/config");
        Assert.Equal(42, after["streams"]!.AsArray().Count);
        Assert.Equal(Enumerable.Range(2, 40), answers.Take(40).Select(answer => (int)answer["stream_index"]!).Order());
        for (var i = 0; i < 40; i++)
        {
            var index = (int)answers[i]["stream_index"]!;
            Assert.Equal($"many{i}.mp4", (string?)after["streams"]![index]!["output_filename"]);
        }

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(i, (int)after["global_config"]![$"note_{i}"]!);
            Assert.Equal(i, (int)after["streams"]![i % 2]![$"note_{i}"]!);
        }
    }

    [Fact]
    public async Task A_password_is_never_in_what_the_program_prints()
    {
        await Api.Ask(HttpMethod.Put, "/api/config/streams/0", body: """{"weight":4}""");
        await Api.Fail(HttpMethod.Put, "/api/config/streams/0", HttpStatusCode.BadRequest, """{"rtsp_url":"rtsp://admin:s3cret@:bad:port/x"}""");

        Assert.DoesNotContain("s3cret", fixture.Recorder.Log);
    }
}
