using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Archive.Tests.Reports;

public sealed class TaskDocumentTests
{
    private static readonly DocumentStyle China = new() { TimeZone = TimeZoneInfo.CreateCustomTimeZone("cn", TimeSpan.FromHours(8), "cn", "cn") };

    [Fact]
    public void A_task_has_the_fields_of_the_contract_in_its_order()
    {
        var json = JsonSerializer.Serialize(TaskDocument.From(SampleCycle.Recorded, SampleCycle.Report().Cycle, China), new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        const string Expected = """
            {"task_id":0,"stream_index":0,"rtsp_url":"rtsp://cam1/live","output_file":"./output/20260101_080000/cam1.mp4","duration_seconds":20,
            "status":4,"status_code":4,"status_text":"已完成","status_name":"完成","start_time":"2026-01-01 16:00:00","end_time":"2026-01-01 16:00:23",
            "progress":20,"bytes_received":2495000,"frames_received":499,"error_message":"",
            "node":"node-a","attempt":1,"codec":"h264","width":1920,"height":1080,"first_frame_ms":420,"warnings":["音频无法保存"]}
            """;
        Assert.Equal(Expected.ReplaceLineEndings(""), json);
    }

    [Fact]
    public void A_time_that_has_not_come_is_empty_or_the_epoch_of_older_clients()
    {
        var cycle = SampleCycle.Report().Cycle;
        Assert.Equal("", TaskDocument.From(SampleCycle.Waiting, cycle, China).EndTime);
        Assert.Equal("1970-01-01 08:00:00", TaskDocument.From(SampleCycle.Waiting, cycle, China with { EpochForUnfinished = true }).EndTime);
    }

    [Fact]
    public void English_changes_the_message_and_nothing_else()
    {
        var cycle = SampleCycle.Report().Cycle;
        var chinese = TaskDocument.From(SampleCycle.Failed, cycle, China);
        var english = TaskDocument.From(SampleCycle.Failed, cycle, China with { English = true });
        Assert.Equal("connection refused", english.ErrorMessage);
        Assert.StartsWith("连接被拒绝", chinese.ErrorMessage);
        Assert.Equal(("连接错误", "连接错误"), (english.StatusText, english.StatusName));
    }

    [Theory]
    [InlineData("./output", "./output/20260101_080000/cam1.mp4")]
    [InlineData("./output/", "./output/20260101_080000/cam1.mp4")]
    [InlineData("/data", "/data/20260101_080000/cam1.mp4")]
    public void A_full_path_begins_as_configured(string configured, string expected) =>
        Assert.Equal(expected, ArchivePath.FullPath(configured, "20260101_080000", "cam1.mp4"));
}
