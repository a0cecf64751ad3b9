using System.Text.Json.Nodes;

namespace OrleansRecorder.Api.Configuration;

public sealed class ConfigReadingTests
{
    [Fact]
    public async Task The_whole_document_is_shown_with_unknown_fields_and_unescaped_Chinese()
    {
        await using var api = await TestApi.Start();

        var text = await api.Http.GetStringAsync("/api/config");

        Assert.True(JsonNode.DeepEquals(api.Config.Document, JsonNode.Parse(text)));
        Assert.Contains("门口", text);
        Assert.Contains("\"weight\":1.0", text);
    }

    [Fact]
    public async Task The_global_part_is_shown_by_itself()
    {
        await using var api = await TestApi.Start();

        Assert.True(JsonNode.DeepEquals(api.Config.Document["global_config"], await api.Get("/api/config/global")));
    }

    [Fact]
    public async Task Streams_are_shown_with_their_index_in_front()
    {
        await using var api = await TestApi.Start();

        var answer = await api.Get("/api/config/streams");

        Assert.Equal(2, (int)answer["count"]!);
        Assert.Equal(
            """{"index":1,"rtsp_url":"rtsp://example.com/stream2","duration_seconds":20,"weight":1.5,"output_filename":"test_stream2.mp4","place":"门口"}""",
            ApiClient.Text(answer["streams"]![1]));
    }

    [Theory]
    [InlineData("/api/config")]
    [InlineData("/api/config/global")]
    [InlineData("/api/config/streams")]
    public async Task Likely_misspellings_are_shown_as_warnings_in_the_reader_s_language(string path)
    {
        await using var api = await TestApi.Start();
        api.Config.Warnings = [new("未知字段 wieght, 是否为 weight?", "unknown field wieght: did you mean weight?")];

        Assert.Equal("未知字段 wieght, 是否为 weight?", (string?)(await api.Get(path))["warnings"]![0]);
        Assert.Equal("unknown field wieght: did you mean weight?", (string?)(await api.Get(path, "en"))["warnings"]![0]);
    }
}
