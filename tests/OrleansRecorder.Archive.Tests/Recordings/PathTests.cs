namespace OrleansRecorder.Archive.Tests.Recordings;

/// <summary>What clients may call a recording, and what they try.</summary>
public sealed class PathTests : IAsyncLifetime
{
    private readonly ArchiveFixture _fixture = new();

    private DirectoryArchive Archive => _fixture.Archive;

    public async Task InitializeAsync()
    {
        _fixture.Put("20260101_080000/cam1.mp4");
        _fixture.Put("20260101_080000/report.txt");
        _fixture.Put("20260101_080000/sub/deep.mp4");
        _fixture.Put("20260101_080000/.hidden.mp4");
        _fixture.Put("loose.mp4");
        _fixture.Put("other/cam.mp4");
        _fixture.Outside("secret.mp4");
        Directory.CreateDirectory(Path.Combine(_fixture.Base, "output2", "20260101_080000"));
        File.WriteAllText(Path.Combine(_fixture.Base, "output2", "20260101_080000", "cam1.mp4"), "secret");
        File.CreateSymbolicLink(_fixture["20260101_080000", "link.mp4"], Path.Combine(_fixture.Base, "secret.mp4"));
        File.CreateSymbolicLink(_fixture["20260101_080000", "inner.mp4"], "cam1.mp4");
        File.CreateSymbolicLink(_fixture["20260101_080000", "dangling.mp4"], "/nowhere/at/all.mp4");
        Directory.CreateSymbolicLink(_fixture["20260101_080001"], Path.Combine(_fixture.Base, "output2", "20260101_080000"));
        Directory.CreateDirectory(Path.Combine(_fixture.Base, "elsewhere", "20260101_080000"));
        File.WriteAllText(Path.Combine(_fixture.Base, "elsewhere", "20260101_080000", "cam1.mp4"), "secret");
        Directory.CreateSymbolicLink(_fixture["escape"], Path.Combine(_fixture.Base, "elsewhere"));
        await Archive.ScanAsync();
    }

    public Task DisposeAsync() => _fixture.DisposeAsync().AsTask();

    public static TheoryData<string, ArchiveResult> Attempts => new()
    {
        { "", ArchiveResult.Invalid },
        { "   ", ArchiveResult.Invalid },
        { "./output/20260101_080000/cam1.mp4\0.txt", ArchiveResult.Invalid },
        { "./output\\20260101_080000\\cam1.mp4", ArchiveResult.Invalid },
        { "..\\..\\etc\\passwd", ArchiveResult.Invalid },
        { "./output/20260101_080000/a\nb.mp4", ArchiveResult.Invalid },
        { new string('a', 5000), ArchiveResult.Invalid },
        { "./output/20260101_080000/" + new string('a', 300) + ".mp4", ArchiveResult.Invalid },

        { "/etc/passwd", ArchiveResult.Forbidden },
        { "../../../../../../../../etc/passwd", ArchiveResult.Forbidden },
        { "./output/../secret.mp4", ArchiveResult.Forbidden },
        { "./output/20260101_080000/../../secret.mp4", ArchiveResult.Forbidden },
        { "./output/20260101_080000/../../output2/20260101_080000/cam1.mp4", ArchiveResult.Forbidden },
        { "./output2/20260101_080000/cam1.mp4", ArchiveResult.Forbidden },
        { "secret.mp4", ArchiveResult.Forbidden },
        { "cam1.mp4", ArchiveResult.Forbidden },
        { ".", ArchiveResult.Forbidden },
        { "..", ArchiveResult.Forbidden },
        { "/", ArchiveResult.Forbidden },
        { "%2e%2e/%2e%2e/etc/passwd", ArchiveResult.Forbidden },
        { "file:///etc/passwd", ArchiveResult.Forbidden },
        { "~/cam1.mp4", ArchiveResult.Forbidden },
        { "./output/20260101_080000/link.mp4", ArchiveResult.Forbidden },
        { "./output/20260101_080000/inner.mp4", ArchiveResult.Forbidden },
        { "./output/20260101_080000/dangling.mp4", ArchiveResult.Forbidden },
        { "./output/20260101_080001/cam1.mp4", ArchiveResult.Forbidden },
        { "./output/escape/20260101_080000/cam1.mp4", ArchiveResult.Forbidden },

        { "./output", ArchiveResult.NotFound },
        { "./output/", ArchiveResult.NotFound },
        { "./output/20260101_080000", ArchiveResult.NotFound },
        { "./output/20260101_080000/", ArchiveResult.NotFound },
        { "./output/20260101_080000/cam1.mp4/", ArchiveResult.NotFound },
        { "./output/20260101_080000/cam2.mp4", ArchiveResult.NotFound },
        { "./output/20260101_080000/cam1.mp4.", ArchiveResult.NotFound },
        { "./output/20260101_080000/cam1.mp4 ", ArchiveResult.NotFound },
        { "./output/20260101_080000/CAM1.mp4", ArchiveResult.NotFound },
        { "./output/20260101_080000./cam1.mp4", ArchiveResult.NotFound },
        { "./output/20260101_080000/report.txt", ArchiveResult.NotFound },
        { "./output/20260101_080000/.hidden.mp4", ArchiveResult.NotFound },
        { "./output/20260101_080000/sub/deep.mp4", ArchiveResult.NotFound },
        { "./output/20260101_080000/sub", ArchiveResult.NotFound },
        { "./output/20260109_080000/cam1.mp4", ArchiveResult.NotFound },
        { "./output/loose.mp4", ArchiveResult.NotFound },
        { "./output/other/cam.mp4", ArchiveResult.NotFound },
        { "./output/%2e%2e/secret.mp4", ArchiveResult.NotFound },
        { "./output/20260101_080000/%2e%2e%2f%2e%2e%2fsecret.mp4", ArchiveResult.NotFound },
        { "./output/20260101_080000/..%2f..%2fsecret.mp4", ArchiveResult.NotFound },
    };

    [Theory]
    [MemberData(nameof(Attempts))]
    public async Task What_is_no_recording_of_the_archive_is_refused_and_nothing_is_touched(string path, ArchiveResult expected)
    {
        var before = Everything();

        var deleted = await Archive.DeleteRecordingAsync(path);
        var found = await Archive.StatRecordingAsync(path);

        Assert.Equal(expected, deleted.Result);
        Assert.Equal(expected, found.Result);
        Assert.NotEqual(LocalizedText.Empty, deleted.Reason);
        Assert.NotEqual(LocalizedText.Empty, found.Reason);
        Assert.Equal(before, Everything());
    }

    [Theory]
    [InlineData("./output/20260101_080000/cam1.mp4")]
    [InlineData("output/20260101_080000/cam1.mp4")]
    [InlineData("./output//20260101_080000/./cam1.mp4")]
    [InlineData("./output/../output/20260101_080000/cam1.mp4")]
    [InlineData("./output/20260101_080000/sub/../cam1.mp4")]
    [InlineData("<absolute>/20260101_080000/cam1.mp4")]
    public async Task Every_spelling_of_a_recordings_path_finds_it(string path)
    {
        path = path.Replace("<absolute>", _fixture.Output);
        Assert.Equal(ArchiveResult.Ok, (await Archive.StatRecordingAsync(path)).Result);
        Assert.Equal(ArchiveOutcome.Done, await Archive.DeleteRecordingAsync(path));
        Assert.False(File.Exists(_fixture["20260101_080000", "cam1.mp4"]));
        Assert.Empty(await _fixture.Listed());
    }

    [Fact]
    public async Task An_output_directory_behind_the_operators_own_link_is_found_by_both_its_names()
    {
        var link = Path.Combine(_fixture.Base, "link-to-output");
        Directory.CreateSymbolicLink(link, _fixture.Output);
        var archive = _fixture.NewNode().For(link);

        Assert.Equal(ArchiveResult.Ok, (await archive.StatRecordingAsync($"{link}/20260101_080000/cam1.mp4")).Result);
        Assert.Equal(ArchiveResult.Ok, (await archive.StatRecordingAsync(_fixture["20260101_080000", "cam1.mp4"])).Result);
        Assert.Equal(ArchiveResult.Forbidden, (await archive.StatRecordingAsync("./output2/20260101_080000/cam1.mp4")).Result);
    }

    [Theory]
    [InlineData("", ArchiveResult.Invalid)]
    [InlineData("a\0b", ArchiveResult.Invalid)]
    [InlineData("..", ArchiveResult.Forbidden)]
    [InlineData(".", ArchiveResult.Forbidden)]
    [InlineData("/etc", ArchiveResult.Forbidden)]
    [InlineData("20260101_080000/..", ArchiveResult.Forbidden)]
    [InlineData("..\\20260101_080000", ArchiveResult.Forbidden)]
    [InlineData("20260101_080001", ArchiveResult.Forbidden)]
    [InlineData("other", ArchiveResult.NotFound)]
    [InlineData("%2e%2e", ArchiveResult.NotFound)]
    [InlineData("20260101_080000.", ArchiveResult.NotFound)]
    [InlineData("20260105_080000", ArchiveResult.NotFound)]
    public async Task What_is_no_cycle_directory_is_not_deleted_nor_read(string name, ArchiveResult expected)
    {
        var before = Everything();
        Assert.Equal(expected, (await Archive.DeleteDirectoryAsync(name)).Result);
        Assert.Equal(expected, (await Archive.StatReportAsync(name, "report.txt")).Result);
        Assert.Equal(before, Everything());
    }

    private string[] Everything() => [.. Directory.GetFileSystemEntries(_fixture.Base, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }).Order()];
}
