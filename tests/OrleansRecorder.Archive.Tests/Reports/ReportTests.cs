using System.Text;
using System.Text.Json;
using OrleansRecorder.Archive.Reports;

namespace OrleansRecorder.Archive.Tests.Reports;

public sealed class ReportTests : IAsyncLifetime
{
    private const string Cycle = ArchiveFixture.Cycle;

    private readonly ArchiveFixture _fixture = new();

    private DirectoryArchive Archive => _fixture.Archive;

    public Task InitializeAsync() => Archive.WriteReportsAsync(SampleCycle.Report(SampleCycle.Recorded, SampleCycle.Failed, SampleCycle.Waiting));

    public Task DisposeAsync() => _fixture.DisposeAsync().AsTask();

    [Fact]
    public void The_json_report_tells_everything_and_keeps_chinese_readable()
    {
        var text = File.ReadAllText(_fixture[Cycle, "rtsp_report.json"]);
        Assert.Contains("\"status_text\": \"已完成\"", text);
        var root = JsonDocument.Parse(text).RootElement;

        Assert.Equal(["cycle", "settings", "statistics", "tasks"], root.EnumerateObject().Select(p => p.Name));
        Assert.Equal((7, "2026-01-01 08:00:00", "2026-01-01 08:01:00", "恢复后继续"),
            (root.GetProperty("cycle").GetProperty("number").GetInt32(), root.GetProperty("cycle").GetProperty("start_time").GetString(),
             root.GetProperty("cycle").GetProperty("end_time").GetString(), root.GetProperty("cycle").GetProperty("notes")[0].GetString()));
        Assert.Equal((60, 2, "./output", "rtsp_report.json", 3, 5, -1, 30), (Setting("total_poll_duration_seconds").GetInt32(), Setting("max_concurrent_streams").GetInt32(),
            Setting("output_directory").GetString(), Setting("report_filename").GetString(), Setting("connection_timeout_seconds").GetInt32(),
            Setting("read_timeout_seconds").GetInt32(), Setting("poll_cycles").GetInt32(), Setting("cycle_interval_seconds").GetInt32()));
        Assert.Equal(0.3333, root.GetProperty("statistics").GetProperty("completion_rate").GetDouble());

        var task = root.GetProperty("tasks")[0];
        Assert.Equal((19.96, 1_000_000, 25.0, 2, "duration_reached"), (task.GetProperty("recorded_seconds").GetDouble(), task.GetProperty("bit_rate").GetInt64(),
            task.GetProperty("frame_rate").GetDouble(), task.GetProperty("connections").GetInt32(), task.GetProperty("cause").GetString()));
        var gap = Assert.Single(task.GetProperty("gaps").EnumerateArray());
        Assert.Equal((2.25, "2026-01-01 08:00:11"), (gap.GetProperty("seconds").GetDouble(), gap.GetProperty("start_time").GetString()));
        Assert.Equal(["cam1.mp4", "cam1.part2.mp4"], task.GetProperty("parts").EnumerateArray().Select(p => p.GetProperty("filename").GetString()));
        Assert.Equal("音频无法保存", task.GetProperty("warnings")[0].GetString());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("tasks")[2].GetProperty("cause").ValueKind);
        Assert.Equal("", root.GetProperty("tasks")[2].GetProperty("end_time").GetString());

        JsonElement Setting(string name) => root.GetProperty("settings").GetProperty(name);
    }

    [Fact]
    public void No_report_holds_credentials()
    {
        foreach (var file in Directory.GetFiles(_fixture[Cycle]))
        {
            var text = File.ReadAllText(file);
            Assert.DoesNotContain("p@ss", text);
            Assert.DoesNotContain("admin", text);
            Assert.Contains("rtsp://摄像头二号/live?a=1", text);
        }
    }

    [Fact]
    public void The_text_report_aligns_its_columns_as_a_terminal_shows_them()
    {
        var lines = File.ReadAllLines(_fixture[Cycle, "report.txt"]);
        Assert.Equal("RTSP 录制报告: 第 7 轮", lines[0]);
        var header = Array.FindIndex(lines, line => line.Contains("状态"));
        string[] table = [lines[header], .. lines[(header + 2)..(header + 5)]];
        var statusColumns = table.Zip(["状态", "已完成", "连接错误", "等待中"], (line, cell) => DisplayWidth.Of(line[..line.IndexOf(cell, StringComparison.Ordinal)]));
        Assert.Single(statusColumns.Distinct());
        var addressColumns = table.Zip(["地址", "rtsp://cam1", "rtsp://摄像头", "rtsp://cam3"], (line, cell) => DisplayWidth.Of(line[..line.IndexOf(cell, StringComparison.Ordinal)]));
        Assert.Single(addressColumns.Distinct());
        Assert.Contains("任务 1: 连接被拒绝, \"10.0.0.1\" 第二行", lines);
        Assert.Contains("任务 0: 音频无法保存", lines);
        Assert.Contains("任务 0: 录制中断 2.25 秒 (2026-01-01 08:00:11 至 2026-01-01 08:00:13)", lines);
        Assert.Contains("周期: 恢复后继续", lines);
    }

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("已完成", 6)]
    [InlineData("a，b", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("📷", 2)]
    [InlineData("한국", 4)]
    [InlineData("", 0)]
    public void Chinese_takes_two_columns(string text, int width) => Assert.Equal(width, DisplayWidth.Of(text));

    [Fact]
    public void The_csv_report_has_a_row_a_stream_that_excel_reads_and_never_runs()
    {
        var bytes = File.ReadAllBytes(_fixture[Cycle, "streams.csv"]);
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        var text = Encoding.UTF8.GetString(bytes[3..]);
        var records = Records(text);

        Assert.Equal(4, records.Count);
        Assert.All(records, r => Assert.Equal(records[0].Length, r.Length));
        Assert.Equal(("0", "rtsp://cam1/live", "已完成", "19.96", "cam1.mp4;cam1.part2.mp4"), (Cell(1, "stream_index"), Cell(1, "rtsp_url"), Cell(1, "status_text"), Cell(1, "recorded_seconds"), Cell(1, "files")));
        Assert.Equal("连接被拒绝, \"10.0.0.1\"\n第二行", Cell(2, "error_message"));
        Assert.Equal("'=HYPERLINK(\"http://evil\")", Cell(2, "node"));
        Assert.Equal("./output/20260101_080000/=cmd|' /C calc'!A0.mp4", Cell(2, "output_file"));
        Assert.All(records.SelectMany(r => r), cell => Assert.False(cell.Length > 0 && cell[0] is '=' or '+' or '@' or '-' or '\t'));
        Assert.EndsWith("\r\n", text);

        string Cell(int row, string column) => records[row][Array.IndexOf(records[0], column)];
    }

    [Fact]
    public async Task Reports_are_replaced_whole_and_leave_nothing_aside()
    {
        await Archive.WriteReportsAsync(SampleCycle.Report(SampleCycle.Recorded));
        Assert.Equal(["report.txt", "rtsp_report.json", "streams.csv"], Directory.GetFiles(_fixture[Cycle]).Select(f => Path.GetFileName(f)).Order());
        Assert.Single(JsonDocument.Parse(File.ReadAllText(_fixture[Cycle, "rtsp_report.json"])).RootElement.GetProperty("tasks").EnumerateArray());
    }

    [Fact]
    public async Task A_reader_never_sees_half_a_report()
    {
        using var stop = new CancellationTokenSource();
        var reading = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested) JsonDocument.Parse(File.ReadAllBytes(_fixture[Cycle, "rtsp_report.json"])).Dispose();
        });
        for (var i = 0; i < 20; i++) await Archive.WriteReportsAsync(SampleCycle.Report([.. Enumerable.Repeat(SampleCycle.Recorded, i * 10)]));
        await stop.CancelAsync();
        await reading;
    }

    [Fact]
    public async Task Reports_are_written_where_the_directory_is_missing_and_say_so_where_they_cannot_be()
    {
        Directory.Delete(_fixture[Cycle], recursive: true);
        await Archive.WriteReportsAsync(SampleCycle.Report(SampleCycle.Recorded) with { ReportFilename = "日报.json" });
        Assert.True(File.Exists(_fixture[Cycle, "日报.json"]));
        Assert.Equal(ArchiveResult.Ok, (await Archive.StatReportAsync(Cycle, "rtsp_report.json")).Result);

        Directory.Delete(_fixture.Output, recursive: true);
        File.WriteAllText(_fixture.Output, "a file in its place");
        var refusal = await Assert.ThrowsAsync<ArchiveException>(() => Archive.WriteReportsAsync(SampleCycle.Report(SampleCycle.Recorded)));
        Assert.StartsWith("写入报告失败: ", refusal.Reason.Chinese);
    }

    [Fact]
    public async Task A_report_tells_the_listing_what_became_of_its_recordings_at_once_and_after_a_restart()
    {
        _fixture.Put($"{Cycle}/cam1.mp4", "12345");
        _fixture.Put($"{Cycle}/cam1.part2.mp4", "not seven bytes");
        await Archive.ScanAsync();
        await Archive.WriteReportsAsync(SampleCycle.Report(SampleCycle.Recorded));
        await Check(Archive);

        await using var restarted = _fixture.NewNode();
        var archive = restarted.For("output");
        await archive.ScanAsync();
        await Check(archive);

        static async Task Check(DirectoryArchive archive)
        {
            var recordings = (await archive.ListRecordingsAsync(Cycle, 0, 10)).Recordings;
            Assert.Equal((10.0, "rtsp://cam1/live", 4), (recordings[0].DurationSeconds, recordings[0].RtspUrl, recordings[0].StatusCode));
            Assert.Equal((null, null, null), (recordings[1].DurationSeconds, recordings[1].RtspUrl, recordings[1].StatusCode));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"tasks\":")]
    [InlineData("[]")]
    [InlineData("{\"tasks\":[{\"rtsp_url\":5}]}")]
    [InlineData("{\"tasks\":{\"a\":1}}")]
    [InlineData("{\"tasks\":[{\"rtsp_url\":\"rtsp://a\",\"status_code\":\"4\",\"parts\":[]}]}")]
    public async Task A_broken_report_takes_nothing_from_the_listing(string json)
    {
        _fixture.Put($"{Cycle}/cam1.mp4", "12345");
        _fixture.Put($"{Cycle}/rtsp_report.json", json);
        await using var restarted = _fixture.NewNode();
        var archive = restarted.For("output");
        await archive.ScanAsync();
        await archive.ScanAsync();
        Assert.Null((await archive.ListRecordingsAsync(Cycle, 0, 10)).Recordings.Single().DurationSeconds);
    }

    // RFC 4180, read by the letter.
    private static List<string[]> Records(string text)
    {
        var records = new List<string[]>();
        var (cells, cell, quoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"') cell.Append(text[++i]);
            else if (c == '"') quoted = !quoted;
            else if (!quoted && c is ',' or '\n' && !quoted) EndCell(c == '\n');
            else if (quoted || c != '\r') cell.Append(c);
        }

        return records;

        void EndCell(bool endsRecord)
        {
            cells.Add(cell.ToString());
            cell.Clear();
            if (!endsRecord) return;
            records.Add([.. cells]);
            cells.Clear();
        }
    }
}
