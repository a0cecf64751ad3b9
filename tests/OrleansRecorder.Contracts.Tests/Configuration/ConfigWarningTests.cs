using OrleansRecorder.Configuration;
using static OrleansRecorder.Contracts.Tests.Configuration.Documents;

namespace OrleansRecorder.Contracts.Tests.Configuration;

public sealed class ConfigWarningTests
{
    [Theory]
    [InlineData("keyframe_timeout_second", "keyframe_timeout_seconds")]
    [InlineData("keyframeTimeoutSeconds", "keyframe_timeout_seconds")]
    [InlineData("KEYFRAME-TIMEOUT-SECONDS", "keyframe_timeout_seconds")]
    [InlineData("keyfarme_timeout_seconds", "keyframe_timeout_seconds")]
    [InlineData("min_duraton_secs", null)]
    [InlineData("min_duration_secs", "min_duration_seconds")]
    [InlineData("poll_cycle", "poll_cycles")]
    [InlineData("max_session_per_host", "max_sessions_per_host")]
    [InlineData("sessionLimits", "session_limits")]
    [InlineData("note", null)]
    [InlineData("output", null)]
    [InlineData("备注", null)]
    [InlineData("", null)]
    public void A_likely_misspelling_in_the_global_part_is_named_and_kept(string field, string? meant)
    {
        var document = Accept(Valid.WithGlobal($$"""{"{{field}}": 1}"""));

        Assert.Equal(meant is null ? [] : [$"未知字段 {field}, 是否应为 {meant}?"], document.Warnings.Select(w => w.Chinese));
        Assert.Contains($"\"{field}\": 1", document.Text);
    }

    [Theory]
    [InlineData("wieght", "weight")]
    [InlineData("weigth", "weight")]
    [InlineData("rtspUrl", "rtsp_url")]
    [InlineData("durations_seconds", "duration_seconds")]
    [InlineData("injest", "ingest")]
    [InlineData("accept_any_certificates", "accept_any_certificate")]
    [InlineData("height", null)]
    [InlineData("name", null)]
    public void A_likely_misspelling_in_a_stream_is_named_with_its_place(string field, string? meant)
    {
        var document = Accept(ConfigDocument.Parse(Users.Replace("\"weight\": 1.5", $"\"weight\": 1.5, \"{field}\": 2")));

        Assert.Equal(meant is null ? [] : [$"未知字段 streams[1].{field}, 是否应为 {meant}?"], document.Warnings.Select(w => w.Chinese));
    }

    [Fact]
    public void A_known_field_in_the_wrong_place_is_named()
    {
        Assert.Equal(["字段 weight 在此处不起作用, 应写在 streams 中"], Accept(Valid.WithGlobal("""{"weight": 1}""")).Warnings.Select(w => w.Chinese));
        Assert.Equal(["字段 poll_cycles 在此处不起作用, 应写在 global_config 中"],
            Accept(ConfigDocument.Parse(Users.Replace("\"streams\": [", "\"poll_cycles\": 3, \"streams\": ["))).Warnings.Select(w => w.Chinese));
    }

    [Fact]
    public void Comments_in_a_file_are_said_not_to_survive_a_save()
    {
        var document = Accept(ConfigDocument.ParseFile(Users.Replace("\"streams\": [", "// 摄像头\n\"streams\": [")));

        Assert.Equal(["文件中的注释在保存时不会保留"], document.Warnings.Select(w => w.Chinese));
    }
}
