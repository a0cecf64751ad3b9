using System.Text;

namespace OrleansRecorder.Archive.Tests.Recordings;

public sealed class ReadingTests : IAsyncLifetime
{
    private const string Cycle = ArchiveFixture.Cycle;

    private readonly ArchiveFixture _fixture = new();

    private DirectoryArchive Archive => _fixture.Archive;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _fixture.DisposeAsync().AsTask();

    [Fact]
    public async Task A_recording_is_read_in_pieces()
    {
        var content = new byte[(2 * IArchiveGrain.MaxReadBytes) + 123];
        new Random(1).NextBytes(content);
        _fixture.Put($"{Cycle}/cam1.mp4");
        File.WriteAllBytes(_fixture[Cycle, "cam1.mp4"], content);

        var file = await Archive.StatRecordingAsync($"./output/{Cycle}/cam1.mp4");
        Assert.Equal((ArchiveResult.Ok, content.Length), (file.Result, file.Size));
        Assert.Equal(File.GetLastWriteTimeUtc(_fixture[Cycle, "cam1.mp4"]), file.ModifiedAt.UtcDateTime);

        var read = new List<byte>();
        while (await Archive.ReadAsync(file.Path, file.ETag, read.Count, IArchiveGrain.MaxReadBytes) is { Length: > 0 } piece) read.AddRange(piece);
        Assert.Equal(content, read);
        Assert.Equal(content[1000..1010], await Archive.ReadAsync(file.Path, file.ETag, 1000, 10));
        Assert.Empty((await Archive.ReadAsync(file.Path, file.ETag, content.Length + 5, 10))!);
    }

    [Fact]
    public async Task A_file_that_changed_is_read_no_further()
    {
        var path = _fixture.Put($"{Cycle}/cam1.mp4");
        var file = await Archive.StatRecordingAsync(path);
        Assert.NotNull(await Archive.ReadAsync(file.Path, file.ETag, 0, 5));

        File.Delete(path);
        Assert.Null(await Archive.ReadAsync(file.Path, file.ETag, 0, 5));
        _fixture.Put($"{Cycle}/cam1.mp4", "another");
        Assert.Null(await Archive.ReadAsync(file.Path, file.ETag, 0, 5));
        Assert.NotEqual(file.ETag, (await Archive.StatRecordingAsync(path)).ETag);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("20260101_080000/../../secret.mp4")]
    [InlineData("20260101_080000/link.mp4")]
    [InlineData("20260101_080000/.cam2.mp4.recording")]
    [InlineData("20260101_080001/cam1.mp4")]
    [InlineData("20260101_080000/sub/cam1.mp4")]
    [InlineData("20260101_080000/pipe.mp4")]
    [InlineData("")]
    public async Task Only_files_of_the_archive_can_be_read(string path)
    {
        _fixture.Put($"{Cycle}/.cam2.mp4.recording");
        _fixture.Put($"{Cycle}/sub/cam1.mp4");
        File.CreateSymbolicLink(_fixture[Cycle, "link.mp4"], _fixture.Outside("secret.mp4"));
        Directory.CreateSymbolicLink(_fixture["20260101_080001"], _fixture[Cycle]);
        Assert.Equal(0, (await Testing.Shell.Run("mkfifo", _fixture[Cycle, "pipe.mp4"])).ExitCode);
        Assert.Null(await Archive.ReadAsync(path, "whatever", 0, 10).WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_link_is_not_read_even_by_one_who_knows_what_it_leads_to()
    {
        _fixture.Put($"{Cycle}/cam1.mp4");
        File.CreateSymbolicLink(_fixture[Cycle, "link.mp4"], "cam1.mp4");
        Directory.CreateSymbolicLink(_fixture["20260101_080001"], _fixture[Cycle]);
        var etag = (await Archive.StatRecordingAsync($"./output/{Cycle}/cam1.mp4")).ETag;

        Assert.NotNull(await Archive.ReadAsync($"{Cycle}/cam1.mp4", etag, 0, 5));
        Assert.Null(await Archive.ReadAsync($"{Cycle}/link.mp4", etag, 0, 5));
        Assert.Null(await Archive.ReadAsync("20260101_080001/cam1.mp4", etag, 0, 5));
    }

    [Fact]
    public async Task A_pipe_that_looks_like_a_recording_holds_nobody_up()
    {
        Directory.CreateDirectory(_fixture[Cycle]);
        Assert.Equal(0, (await Testing.Shell.Run("mkfifo", _fixture[Cycle, "pipe.mp4"])).ExitCode);
        await Archive.ScanAsync().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Empty(await _fixture.Listed());
        Assert.Equal(ArchiveResult.NotFound, (await Archive.StatRecordingAsync($"./output/{Cycle}/pipe.mp4").WaitAsync(TimeSpan.FromSeconds(10))).Result);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(IArchiveGrain.MaxReadBytes + 1)]
    public async Task A_piece_has_bounds(int count) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Archive.ReadAsync($"{Cycle}/cam1.mp4", "", 0, count));

    [Fact]
    public async Task Reports_are_found_by_their_names_and_the_json_report_whatever_it_is_called()
    {
        _fixture.Put($"{Cycle}/daily.json", "{}");
        _fixture.Put($"{Cycle}/report.txt", "报告");
        _fixture.Put($"{Cycle}/cam1.mp4");
        await Archive.ScanAsync();

        Assert.Equal($"{Cycle}/daily.json", (await Archive.StatReportAsync(Cycle, "daily.json")).Path);
        Assert.Equal($"{Cycle}/daily.json", (await Archive.StatReportAsync(Cycle, "rtsp_report.json")).Path);
        var text = await Archive.StatReportAsync(Cycle, "report.txt");
        Assert.Equal("报告", Encoding.UTF8.GetString((await Archive.ReadAsync(text.Path, text.ETag, 0, 100))!));
        Assert.Equal(ArchiveResult.NotFound, (await Archive.StatReportAsync(Cycle, "streams.csv")).Result);
        Assert.Equal(ArchiveResult.NotFound, (await Archive.StatReportAsync(Cycle, "cam1.mp4")).Result);
        Assert.Equal(ArchiveResult.Forbidden, (await Archive.StatReportAsync(Cycle, "../../secret.mp4")).Result);
        Assert.Equal(ArchiveResult.Forbidden, (await Archive.StatReportAsync(Cycle, "..")).Result);
        Assert.Equal(ArchiveResult.Forbidden, (await Archive.StatReportAsync("..", "report.txt")).Result);

        _fixture.Put($"{Cycle}/rtsp_report.json", "{}");
        Assert.Equal($"{Cycle}/rtsp_report.json", (await Archive.StatReportAsync(Cycle, "rtsp_report.json")).Path);
    }

    [Fact]
    public void The_volume_tells_its_room_also_before_the_directory_exists()
    {
        Assert.False(Directory.Exists(_fixture.Output));
        var space = Archive.Space!;
        Assert.InRange(space.FreeBytes, 1, space.TotalBytes);
    }
}
