using OrleansRecorder.Configuration;
using static OrleansRecorder.Contracts.Tests.Configuration.Documents;

namespace OrleansRecorder.Contracts.Tests.Configuration;

public sealed class ConfigValidationTests
{
    [Theory]
    [InlineData("total_poll_duration_seconds", "0", "必须大于 0")]
    [InlineData("total_poll_duration_seconds", "-1", "必须大于 0")]
    [InlineData("total_poll_duration_seconds", "1e999", "不能大于 2592000")]
    [InlineData("total_poll_duration_seconds", "\"60\"", "必须是数字")]
    [InlineData("total_poll_duration_seconds", "null", "必须是数字")]
    [InlineData("total_poll_duration_seconds", "true", "必须是数字")]
    [InlineData("total_poll_duration_seconds", "[60]", "必须是数字")]
    [InlineData("total_poll_duration_seconds", "{}", "必须是数字")]
    [InlineData("max_concurrent_streams", "0", "必须大于 0")]
    [InlineData("max_concurrent_streams", "-3", "必须大于 0")]
    [InlineData("max_concurrent_streams", "1.5", "必须是整数")]
    [InlineData("max_concurrent_streams", "\"2\"", "必须是整数")]
    [InlineData("max_concurrent_streams", "10001", "不能大于 10000")]
    [InlineData("max_concurrent_streams", "99999999999999999999", "不能大于 10000")]
    [InlineData("output_directory", "\"\"", "不能为空")]
    [InlineData("output_directory", "\"  \"", "不能为空")]
    [InlineData("output_directory", "\"a\\nb\"", "不能包含换行等控制字符")]
    [InlineData("output_directory", "\"a\\u0000b\"", "不能包含换行等控制字符")]
    [InlineData("output_directory", "7", "必须是字符串")]
    [InlineData("report_filename", "\"\"", "不能为空")]
    [InlineData("report_filename", "\"../report.json\"", "必须是文件名, 不能包含路径")]
    [InlineData("report_filename", "\"report.txt\"", "不能是 report.txt, 该文件名已被另一份报告使用")]
    [InlineData("report_filename", "\"Streams.CSV\"", "不能是 Streams.CSV, 该文件名已被另一份报告使用")]
    [InlineData("report_filename", "\"report.mp4\"", "不能以 .mp4 结尾")]
    [InlineData("report_filename", "\".report.json\"", "不能以 . 开头")]
    [InlineData("connection_timeout_seconds", "0", "必须大于 0")]
    [InlineData("connection_timeout_seconds", "3601", "不能大于 3600")]
    [InlineData("read_timeout_seconds", "-0.5", "必须大于 0")]
    [InlineData("poll_cycles", "0", "必须是 -1 (无限循环) 或大于 0")]
    [InlineData("poll_cycles", "-2", "必须是 -1 (无限循环) 或大于 0")]
    [InlineData("poll_cycles", "2147483648", "不能大于 2147483647")]
    [InlineData("poll_cycles", "-1.5", "必须是整数")]
    [InlineData("cycle_interval_seconds", "-1", "不能小于 0")]
    [InlineData("min_duration_seconds", "-1", "不能小于 0")]
    [InlineData("min_duration_seconds", "null", "必须是数字")]
    [InlineData("keyframe_timeout_seconds", "0", "必须大于 0")]
    [InlineData("keyframe_timeout_seconds", "600.1", "不能大于 600")]
    [InlineData("max_sessions_per_host", "-1", "不能小于 0")]
    [InlineData("max_sessions_per_host", "1.5", "必须是整数")]
    [InlineData("max_sessions_per_host", "null", "必须是整数")]
    [InlineData("max_sessions_per_host", "10001", "不能大于 10000")]
    [InlineData("session_limits", "[]", "必须是一个 JSON 对象, 如 {\"10.0.0.5:554\": 16}")]
    [InlineData("session_limits", "null", "必须是一个 JSON 对象, 如 {\"10.0.0.5:554\": 16}")]
    [InlineData("session_limits", "{\"rtsp://10.0.0.5\": 4}", "中的 \"rtsp://10.0.0.5\" 不是有效的主机, 应为 主机 或 主机:端口")]
    [InlineData("session_limits", "{\"admin:secret@10.0.0.5\": 4}", "中的 \"***\" 不是有效的主机, 应为 主机 或 主机:端口")]
    [InlineData("session_limits", "{\"10.0.0.5:99999\": 4}", "中的 \"10.0.0.5:99999\" 不是有效的主机, 应为 主机 或 主机:端口")]
    [InlineData("session_limits", "{\"gate.local\": -1}", "中 \"gate.local\" 的值不能小于 0")]
    [InlineData("session_limits", "{\"gate.local\": \"4\"}", "中 \"gate.local\" 的值必须是整数")]
    [InlineData("session_limits", "{\"gate.local\": 1, \"GATE.local\": 2}", "中的 \"GATE.local\" 重复")]
    public void A_global_value_out_of_range_is_named_with_its_reason(string field, string value, string reason) =>
        Assert.Equal([$"{field} {reason}"], Refuse(Valid.WithGlobal($$"""{"{{field}}": {{value}}}""")));

    [Theory]
    [InlineData("total_poll_duration_seconds", "0.5")]
    [InlineData("total_poll_duration_seconds", "2592000")]
    [InlineData("max_concurrent_streams", "10000")]
    [InlineData("output_directory", "\"/录像/输出\"")]
    [InlineData("report_filename", "\"报告.json\"")]
    [InlineData("connection_timeout_seconds", "0.25")]
    [InlineData("poll_cycles", "2147483647")]
    [InlineData("cycle_interval_seconds", "0")]
    [InlineData("min_duration_seconds", "0")]
    [InlineData("keyframe_timeout_seconds", "600")]
    [InlineData("max_sessions_per_host", "0")]
    [InlineData("max_sessions_per_host", "10000")]
    [InlineData("session_limits", "{}")]
    public void A_global_value_at_the_edge_of_its_range_is_accepted(string field, string value) =>
        Assert.Contains($"\"{field}\": {value}", Accept(Valid.WithGlobal($$"""{"{{field}}": {{value}}}""")).Text);

    [Theory]
    [InlineData("rtsp_url", "\"\"", "不是有效的地址, 应为 rtsp://用户:密码@主机:端口/路径 (不含空格, 端口 1-65535)")]
    [InlineData("rtsp_url", "\"rtsp://:secret@/x\"", "不是有效的地址, 应为 rtsp://用户:密码@主机:端口/路径 (不含空格, 端口 1-65535)")]
    [InlineData("rtsp_url", "\"rtsp://a:70000/x\"", "不是有效的地址, 应为 rtsp://用户:密码@主机:端口/路径 (不含空格, 端口 1-65535)")]
    [InlineData("rtsp_url", "\"http://u:secret@a/x\"", "不支持协议 http://, 可用: rtsp://、rtsps://")]
    [InlineData("rtsp_url", "\"file:///etc/passwd\"", "不支持协议 file://, 可用: rtsp://、rtsps://")]
    [InlineData("rtsp_url", "5", "必须是字符串")]
    [InlineData("duration_seconds", "0", "必须大于 0")]
    [InlineData("duration_seconds", "-5", "必须大于 0")]
    [InlineData("duration_seconds", "\"15\"", "必须是数字")]
    [InlineData("duration_seconds", "2592001", "不能大于 2592000")]
    [InlineData("weight", "0", "必须大于 0")]
    [InlineData("weight", "1e7", "不能大于 1000000")]
    [InlineData("weight", "false", "必须是数字")]
    [InlineData("output_filename", "\"\"", "不能为空")]
    [InlineData("output_filename", "\"a.mkv\"", "必须以 .mp4 结尾")]
    [InlineData("output_filename", "\"a.MP4\"", "必须以 .mp4 结尾")]
    [InlineData("output_filename", "\"a\"", "必须以 .mp4 结尾")]
    [InlineData("output_filename", "\".mp4\"", "不能以 . 开头")]
    [InlineData("output_filename", "\"..\"", "不能以 . 开头")]
    [InlineData("output_filename", "\"../a.mp4\"", "必须是文件名, 不能包含路径")]
    [InlineData("output_filename", "\"/etc/a.mp4\"", "必须是文件名, 不能包含路径")]
    [InlineData("output_filename", "\"a\\\\b.mp4\"", "必须是文件名, 不能包含路径")]
    [InlineData("output_filename", "\"a\\u0000.mp4\"", "不能包含控制字符")]
    [InlineData("output_filename", "\"a\\n.mp4\"", "不能包含控制字符")]
    [InlineData("output_filename", "\" a.mp4\"", "首尾不能有空格")]
    [InlineData("output_filename", "7", "必须是字符串")]
    [InlineData("output_filename", "\"test_stream1.mp4\"", "与流 0 的文件名重复")]
    [InlineData("output_filename", "\"Test_Stream1.mp4\"", "与流 0 的文件名重复")]
    [InlineData("output_filename", "\"test_stream1.part2.mp4\"", "与流 0 的分段文件名冲突")]
    [InlineData("output_filename", "\"test_stream1.PART17.mp4\"", "与流 0 的分段文件名冲突")]
    [InlineData("ingest", "\"FFmpeg\"", "必须是 auto 或 ffmpeg")]
    [InlineData("ingest", "\"\"", "必须是 auto 或 ffmpeg")]
    [InlineData("ingest", "null", "必须是 auto 或 ffmpeg")]
    [InlineData("ingest", "1", "必须是 auto 或 ffmpeg")]
    [InlineData("accept_any_certificate", "\"true\"", "必须是 true 或 false")]
    [InlineData("accept_any_certificate", "1", "必须是 true 或 false")]
    [InlineData("accept_any_certificate", "null", "必须是 true 或 false")]
    public void A_stream_value_that_cannot_be_is_named_with_its_reason(string field, string value, string reason) =>
        Assert.Equal([$"{field} {reason}"], Refuse(Valid.WithStream(1, $$"""{"{{field}}": {{value}}}""")));

    [Theory]
    [InlineData("rtsp_url", "\"rtsps://用户:p@ss/w#1@[::1]:322/通道?a=b@c\"")]
    [InlineData("duration_seconds", "0.5")]
    [InlineData("weight", "0.001")]
    [InlineData("output_filename", "\"大门 (1).mp4\"")]
    [InlineData("output_filename", "\"other.part2.mp4\"")]
    [InlineData("output_filename", "\"test_stream2.mp4\"")]
    [InlineData("ingest", "\"auto\"")]
    [InlineData("ingest", "\"ffmpeg\"")]
    [InlineData("accept_any_certificate", "true")]
    [InlineData("accept_any_certificate", "false")]
    public void A_stream_value_that_can_be_is_accepted(string field, string value) =>
        Assert.Contains($"\"{field}\": {value}", Accept(Valid.WithStream(1, $$"""{"{{field}}": {{value}}}""")).Text);

    [Fact]
    public void File_names_have_two_hundred_bytes_at_most()
    {
        Accept(Valid.WithStream(1, $$"""{"output_filename": "{{new string('像', 65)}}a.mp4"}"""));
        Assert.Equal(["output_filename 不能超过 200 字节"], Refuse(Valid.WithStream(1, $$"""{"output_filename": "{{new string('像', 66)}}.mp4"}""")));
    }

    [Fact]
    public void A_part_name_that_comes_before_its_whole_is_found_too() =>
        Assert.Equal(["output_filename 与流 0 的分段文件名冲突"],
            Refuse(Accept(Valid.WithStream(0, """{"output_filename": "a.part3.mp4"}""")).WithStream(1, """{"output_filename": "a.mp4"}""")));

    [Fact]
    public void Other_schemes_are_accepted_when_the_host_allows_them()
    {
        var rules = new ConfigRules(["rtsp", "rtmp", "file"]);
        var text = Users.Replace("rtsp://admin:secret@", "rtmp://admin:secret@");

        Assert.Equal("rtmp", Accept(ConfigDocument.Parse(text, rules)).Config.Streams[1].Url.Scheme);
        Assert.Equal("file", Accept(Accept(ConfigDocument.Parse(text, rules)).WithStream(0, """{"rtsp_url": "file:///a.mp4"}""")).Config.Streams[0].Url.Scheme);
        Assert.Equal(["streams[1].rtsp_url 不支持协议 rtmp://, 可用: rtsp://、rtsps://"], Refuse(ConfigDocument.Parse(text)));
    }

    [Fact]
    public void Every_problem_is_found_at_once_and_nothing_is_applied()
    {
        var text = Users.Replace("\"max_concurrent_streams\": 2,", "").Replace("\"poll_cycles\": -1", "\"poll_cycles\": 0")
            .Replace("\"weight\": 1.5", "\"weight\": 0").Replace("\"output_filename\": \"test_stream2.mp4\"", "\"output_filename\": \"test_stream1.mp4\"");

        Assert.Equal(
            ["缺少 max_concurrent_streams", "poll_cycles 必须是 -1 (无限循环) 或大于 0", "streams[1].weight 必须大于 0", "streams[1].output_filename 与流 0 的文件名重复"],
            Refuse(ConfigDocument.Parse(text)));
    }

    [Theory]
    [InlineData("global_config", "total_poll_duration_seconds")]
    [InlineData("global_config", "max_concurrent_streams")]
    [InlineData("global_config", "output_directory")]
    [InlineData("global_config", "report_filename")]
    [InlineData("global_config", "connection_timeout_seconds")]
    [InlineData("global_config", "read_timeout_seconds")]
    [InlineData("global_config", "poll_cycles")]
    [InlineData("global_config", "cycle_interval_seconds")]
    [InlineData("streams", "rtsp_url")]
    [InlineData("streams", "duration_seconds")]
    [InlineData("streams", "weight")]
    [InlineData("streams", "output_filename")]
    public void A_missing_field_is_named(string owner, string field)
    {
        var root = System.Text.Json.Nodes.JsonNode.Parse(Users)!;
        (owner == "streams" ? root["streams"]![1]! : root[owner]!).AsObject().Remove(field);

        Assert.Equal([owner == "streams" ? $"缺少 streams[1].{field}" : $"缺少 {field}"], Refuse(ConfigDocument.Parse(root.ToJsonString())));
    }

    [Fact]
    public void A_missing_field_that_is_there_misspelt_is_told() =>
        Assert.Equal(["缺少 output_filename (是否误写成了 output_file_nam?)"],
            Refuse(Valid.AddStream("""{"rtsp_url": "rtsp://a/1", "duration_seconds": 5, "weight": 1, "output_file_nam": "c.mp4"}""")));

    [Theory]
    [InlineData("[]", "配置必须是一个 JSON 对象")]
    [InlineData("null", "配置必须是一个 JSON 对象")]
    [InlineData("\"x\"", "配置必须是一个 JSON 对象")]
    [InlineData("{}", "缺少 global_config", "缺少 streams")]
    [InlineData("""{"global_config": [], "streams": {}}""", "global_config 必须是对象", "streams 必须是数组")]
    [InlineData("""{"global_config": null, "streams": null}""", "global_config 必须是对象", "streams 必须是数组")]
    public void A_document_of_another_shape_is_refused(string text, params string[] problems) => Assert.Equal(problems, Refuse(ConfigDocument.Parse(text)));

    [Fact]
    public void A_document_without_streams_and_a_stream_that_is_no_object_are_refused()
    {
        var streams = Users[Users.IndexOf("\"streams\"", StringComparison.Ordinal)..];

        Assert.Equal(["streams 至少要有一个流"], Refuse(ConfigDocument.Parse(Users.Replace(streams, "\"streams\": []}"))));
        Assert.Equal(["streams[0] 必须是一个 JSON 对象", "streams[1] 必须是一个 JSON 对象"], Refuse(ConfigDocument.Parse(Users.Replace(streams, "\"streams\": [7, null]}"))));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    public void A_patch_that_is_no_object_is_refused(string patch)
    {
        Assert.Equal(["请求体必须是一个 JSON 对象"], Refuse(Valid.WithGlobal(patch)));
        Assert.Equal(["请求体必须是一个 JSON 对象"], Refuse(Valid.AddStream(patch)));
        Assert.Equal(["请求体必须是一个 JSON 对象"], Refuse(Valid.WithStream(0, patch)));
    }

    [Fact]
    public void Problems_read_as_the_users_document_shows_them()
    {
        var global = Valid.WithGlobal("""{"max_concurrent_streams": 0}""");
        var stream = Valid.WithStream(0, """{"weight": 0, "duration_seconds": 0}""");

        Assert.Equal("配置验证失败: max_concurrent_streams 必须大于 0", ConfigMessages.Global(global.Problems).Chinese);
        Assert.Equal("The configuration is not valid: max_concurrent_streams must be greater than 0", ConfigMessages.Global(global.Problems).English);
        Assert.Equal("流配置参数不完整或不合法: duration_seconds 必须大于 0; weight 必须大于 0", ConfigMessages.Stream(stream.Problems).Chinese);
        Assert.Equal("The stream is incomplete or not valid: duration_seconds must be greater than 0; weight must be greater than 0", ConfigMessages.Stream(stream.Problems).English);
        Assert.Equal("无效的流索引: 5", ConfigMessages.NoSuchStream(5).Chinese);
    }

    [Fact]
    public void A_problem_never_shows_a_password() =>
        Assert.All(Valid.WithStream(0, """{"rtsp_url": "rtsp://admin:hunter2@:1/x"}""").Problems, p => Assert.DoesNotContain("hunter2", p.Chinese + p.English));

    [Fact]
    public void Ten_thousand_streams_are_edited_in_well_under_a_second()
    {
        var streams = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $$"""{"rtsp_url": "rtsp://a/{{i}}", "duration_seconds": 5, "weight": 1, "output_filename": "c{{i}}.mp4"}"""));
        var document = Accept(ConfigDocument.Parse(Users[..Users.IndexOf('[')] + "[" + streams + "]}"));
        var started = System.Diagnostics.Stopwatch.StartNew();
        document = Accept(document.WithStream(9_999, """{"weight": 2}"""));

        Assert.InRange(started.Elapsed.TotalSeconds, 0, 3);
        Assert.Equal(["streams 不能超过 10000 个流"], Refuse(document.AddStream("""{"rtsp_url": "rtsp://a/1", "duration_seconds": 5, "weight": 1, "output_filename": "d.mp4"}""")));
    }
}
