using OrleansRecorder.Archive.Names;

namespace OrleansRecorder.Archive.Tests.Names;

public sealed class NameTests
{
    [Theory]
    [InlineData("20260101_080000", "20260101_080001")]
    [InlineData("20260101_080059", "20260101_080100")]
    [InlineData("20260101_085959", "20260101_090000")]
    [InlineData("20260131_235959", "20260201_000000")]
    [InlineData("20281231_235959", "20290101_000000")]
    [InlineData("20280228_235959", "20280229_000000")]
    [InlineData("99991231_235959", null)]
    public void The_next_second_goes_over_minutes_days_and_years(string name, string? next) => Assert.Equal(next, CycleName.Next(name));

    [Theory]
    [InlineData("20260101_080000", true)]
    [InlineData("20260230_080000", false)]
    [InlineData("20260101_240000", false)]
    [InlineData("20260101-080000", false)]
    [InlineData("20260101_08000", false)]
    [InlineData("20260101_080000.", false)]
    [InlineData(" 0260101_080000", false)]
    [InlineData("２０２６0101_080000", false)]
    [InlineData("..", false)]
    [InlineData("", false)]
    public void Only_a_time_that_exists_names_a_cycle_directory(string name, bool valid) => Assert.Equal(valid, CycleName.IsValid(name));

    [Theory]
    [InlineData("cam1.mp4", true)]
    [InlineData("摄像头 1.MP4", true)]
    [InlineData(".cam1.mp4", false)]
    [InlineData(".cam1.mp4.recording", false)]
    [InlineData("cam1.mp4.", false)]
    [InlineData("cam1.mp4 ", false)]
    [InlineData(".mp4", false)]
    [InlineData("a/b.mp4", false)]
    [InlineData("a\\b.mp4", false)]
    [InlineData("a\nb.mp4", false)]
    [InlineData("report.txt", false)]
    public void A_finished_recording_is_a_plain_mp4_name(string name, bool finished) => Assert.Equal(finished, RecordingName.IsFinished(name));

    [Fact]
    public void A_name_counts_in_bytes_as_the_file_system_does()
    {
        Assert.True(RecordingName.IsFinished(new string('a', 251) + ".mp4"));
        Assert.False(RecordingName.IsFinished(new string('a', 252) + ".mp4"));
        Assert.False(RecordingName.IsFinished(new string('录', 84) + ".mp4"));
    }

    [Theory]
    [InlineData("cam.mp4", 1, "cam.mp4")]
    [InlineData("cam.mp4", 2, "cam.part2.mp4")]
    [InlineData("cam.part2.mp4", 3, "cam.part2.part3.mp4")]
    public void Parts_are_numbered_from_two(string name, int part, string expected) => Assert.Equal(expected, RecordingName.OfPart(name, part));

    [Theory]
    [InlineData("cam.mp4", "cam.part2.mp4")]
    [InlineData("cam.part2.mp4", "cam.part3.mp4")]
    [InlineData("cam.part9.mp4", "cam.part10.mp4")]
    [InlineData("cam.partx.mp4", "cam.partx.part2.mp4")]
    [InlineData("cam.part1.mp4", "cam.part1.part2.mp4")]
    public void A_taken_name_gives_way_to_the_next_part(string name, string next) => Assert.Equal(next, RecordingName.NextPart(name));

    [Fact]
    public void The_hidden_name_and_the_final_one_lead_to_each_other()
    {
        Assert.Equal(".cam.mp4.recording", RecordingName.Unfinished("cam.mp4"));
        Assert.Equal("cam.mp4", RecordingName.Finished(".cam.mp4.recording"));
        Assert.True(RecordingName.IsUnfinished(".cam.mp4.recording"));
        Assert.False(RecordingName.IsUnfinished(".recording"));
        Assert.False(RecordingName.IsUnfinished("cam.mp4.recording"));
        Assert.False(RecordingName.IsUnfinished(".cam.txt.recording"));
    }

    [Theory]
    [InlineData("daily.json", "daily.json")]
    [InlineData("报告.json", "报告.json")]
    [InlineData("report.txt", "rtsp_report.json")]
    [InlineData("streams.csv", "rtsp_report.json")]
    [InlineData("../../etc/passwd", "rtsp_report.json")]
    [InlineData(".hidden", "rtsp_report.json")]
    [InlineData("cam1.mp4", "rtsp_report.json")]
    [InlineData("", "rtsp_report.json")]
    public void A_report_never_takes_the_name_of_something_else(string configured, string name) => Assert.Equal(name, ReportName.JsonFor(configured));
}
