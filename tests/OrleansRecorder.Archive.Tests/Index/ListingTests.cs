namespace OrleansRecorder.Archive.Tests.Index;

public sealed class ListingTests : IAsyncLifetime
{
    private readonly ArchiveFixture _fixture = new();
    private readonly DateTime _hourAgo = DateTime.UtcNow.AddHours(-1);

    private DirectoryArchive Archive => _fixture.Archive;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _fixture.DisposeAsync().AsTask();

    [Fact]
    public async Task Recordings_come_oldest_directory_first_then_by_name_and_directories_newest_first()
    {
        _fixture.Put("20260102_000000/b.mp4", "12345");
        _fixture.Put("20260102_000000/a.part2.mp4", "123");
        _fixture.Put("20260102_000000/a.mp4", "1");
        _fixture.Put("20260101_000000/z.mp4", "12");
        await Archive.ScanAsync();

        Assert.Equal(["20260101_000000/z.mp4", "20260102_000000/a.mp4", "20260102_000000/a.part2.mp4", "20260102_000000/b.mp4"], await _fixture.Listed());
        Assert.Equal(
            [new ArchiveDirectory { Timestamp = "20260102_000000", VideoCount = 3, TotalSize = 9 }, new ArchiveDirectory { Timestamp = "20260101_000000", VideoCount = 1, TotalSize = 2 }],
            await Archive.ListDirectoriesAsync());
    }

    [Fact]
    public async Task Only_finished_recordings_in_cycle_directories_are_listed()
    {
        _fixture.Put("20260101_000000/a.mp4");
        _fixture.Put("20260101_000000/.b.mp4.recording");
        _fixture.Put("20260101_000000/.c.mp4");
        _fixture.Put("20260101_000000/report.txt");
        _fixture.Put("20260101_000000/sub/d.mp4");
        _fixture.Put("not_a_cycle/e.mp4");
        _fixture.Put("20260231_000000/f.mp4");
        _fixture.Put("g.mp4");
        Directory.CreateDirectory(_fixture["20260101_000000", "directory.mp4"]);
        File.CreateSymbolicLink(_fixture["20260101_000000", "link.mp4"], _fixture.Outside("outside.mp4"));
        Directory.CreateSymbolicLink(_fixture["20260101_000001"], _fixture["20260101_000000"]);
        Directory.CreateDirectory(_fixture["20260101_000002"]);
        await Archive.ScanAsync();

        Assert.Equal(["20260101_000000/a.mp4"], await _fixture.Listed());
        Assert.Equal(["20260101_000002", "20260101_000000"], (await Archive.ListDirectoriesAsync()).Select(d => d.Timestamp));
    }

    [Theory]
    [InlineData(0, 2, "a0 a1")]
    [InlineData(1, 3, "a1 a2 b0")]
    [InlineData(3, int.MaxValue, "b0 b1 b2")]
    [InlineData(5, 10, "b2")]
    [InlineData(6, 10, "")]
    [InlineData(int.MaxValue, int.MaxValue, "")]
    [InlineData(0, 0, "")]
    public async Task A_page_is_a_slice_and_the_count_stays_the_total(int offset, int limit, string expected)
    {
        foreach (var i in Enumerable.Range(0, 3))
        {
            _fixture.Put($"20260101_000000/a{i}.mp4");
            _fixture.Put($"20260102_000000/b{i}.mp4");
        }

        await Archive.ScanAsync();
        var page = await Archive.ListRecordingsAsync(null, offset, limit);

        Assert.Equal(expected, string.Join(' ', page.Recordings.Select(r => Path.GetFileNameWithoutExtension(r.Filename))));
        Assert.Equal(6, page.TotalCount);
        Assert.True(page.Found);
    }

    [Fact]
    public async Task One_directory_can_be_listed_and_one_that_is_not_there_is_not_found()
    {
        _fixture.Put("20260101_000000/a.mp4");
        _fixture.Put("20260102_000000/b.mp4");
        await Archive.ScanAsync();

        var page = await Archive.ListRecordingsAsync("20260102_000000", 0, 10);
        Assert.Equal((true, 1, "b.mp4"), (page.Found, page.TotalCount, page.Recordings.Single().Filename));
        Assert.False((await Archive.ListRecordingsAsync("20260103_000000", 0, 10)).Found);
        Assert.False((await Archive.ListRecordingsAsync("../..", 0, 10)).Found);
    }

    [Fact]
    public async Task The_first_listing_waits_for_the_first_scan()
    {
        _fixture.Put("20260101_000000/a.mp4");
        await using var node = _fixture.NewNode();
        Assert.Equal(1, (await node.For("output").ListRecordingsAsync(null, 0, 10)).TotalCount);
    }

    [Fact]
    public async Task Files_put_there_removed_or_grown_by_hand_show_within_five_seconds()
    {
        await using var fixture = new ArchiveFixture(scanInterval: new NodeArchivesOptions().ScanInterval);
        fixture.Put("20260101_000000/a.mp4");
        await Eventually.True(async () => (await fixture.Listed()).Length == 1, TimeSpan.FromSeconds(5));

        fixture.Put("20260101_000000/b.mp4");
        fixture.Put("20260101_000001/c.mp4");
        await Eventually.True(async () => (await fixture.Listed()).Length == 3, TimeSpan.FromSeconds(5));

        File.AppendAllText(fixture["20260101_000001", "c.mp4"], "longer");
        File.Delete(fixture["20260101_000000", "a.mp4"]);
        await Eventually.True(
            async () => (await fixture.Listed()).Length == 2 && (await fixture.Archive.ListDirectoriesAsync())[0].TotalSize == "medialonger".Length, TimeSpan.FromSeconds(5));

        Directory.Delete(fixture["20260101_000000"], recursive: true);
        await Eventually.True(async () => (await fixture.Listed()) is ["20260101_000001/c.mp4"], TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_change_in_a_directory_that_has_been_quiet_is_seen()
    {
        var file = _fixture.Put("20260101_000000/a.mp4");
        Quiet(file);
        await Archive.ScanAsync();

        _fixture.Put("20260101_000000/b.mp4");
        await Archive.ScanAsync();
        Assert.Equal(2, (await _fixture.Listed()).Length);
    }

    [Fact]
    public async Task A_file_overwritten_in_place_in_a_quiet_directory_is_seen_in_the_end()
    {
        var file = _fixture.Put("20260101_000000/a.mp4");
        Quiet(file);
        await Archive.ScanAsync();

        File.WriteAllText(file, "other media");
        Quiet(file);
        for (var scans = 0; scans < 150; scans++) await Archive.ScanAsync();
        Assert.Equal("other media".Length, (await Archive.ListDirectoriesAsync()).Single().TotalSize);
    }

    [Fact]
    public async Task An_output_directory_that_comes_and_goes_is_a_state_and_no_error()
    {
        await Archive.ScanAsync();
        Assert.Equal(ArchiveState.Missing, Archive.Status.State);
        Assert.Empty(await _fixture.Listed());

        _fixture.Put("20260101_000000/a.mp4");
        await Archive.ScanAsync();
        Assert.Equal(ArchiveState.Ready, Archive.Status.State);
        Assert.Single(await _fixture.Listed());

        Directory.Move(_fixture.Output, _fixture.Output + "-unmounted");
        await Archive.ScanAsync();
        Assert.Equal(ArchiveState.Missing, Archive.Status.State);
        Assert.Empty(await _fixture.Listed());

        File.WriteAllText(_fixture.Output, "a file in its place");
        await Archive.ScanAsync();
        Assert.NotEqual(ArchiveState.Ready, Archive.Status.State);

        File.Delete(_fixture.Output);
        Directory.Move(_fixture.Output + "-unmounted", _fixture.Output);
        await Archive.ScanAsync();
        Assert.Equal(ArchiveState.Ready, Archive.Status.State);
        Assert.Single(await _fixture.Listed());
    }

    [Fact]
    public async Task A_copy_that_keeps_its_times_is_as_old_as_its_content()
    {
        var file = _fixture.Put("20260101_000000/a.mp4");
        await Archive.ScanAsync(); // a copy gets its times after its content, and a scan may come between
        var written = new DateTime(2020, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(file, written);
        _fixture.Put("20260101_000000/b.mp4");
        await Archive.ScanAsync();

        var recordings = (await Archive.ListRecordingsAsync(null, 0, 2)).Recordings;
        Assert.Equal(new DateTimeOffset(written), recordings[0].CreatedAt);
        Assert.InRange(DateTimeOffset.UtcNow - recordings[1].CreatedAt, TimeSpan.FromSeconds(-2), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_recording_whose_length_nobody_told_is_measured_once_when_its_directory_is_listed()
    {
        _fixture.Put($"{ArchiveFixture.Cycle}/cam1.mp4");
        _fixture.Put($"{ArchiveFixture.Cycle}/cam2.mp4");
        await Archive.ScanAsync();
        var measured = new List<string>();
        TimeSpan? Measure(string path)
        {
            measured.Add(Path.GetFileName(path));
            return path.EndsWith("cam1.mp4", StringComparison.Ordinal) ? TimeSpan.FromSeconds(8.4) : throw new FileNotFoundException();
        }

        Assert.Equal([8.4, null], await Lengths());
        Assert.Equal([8.4, null], await Lengths());
        Assert.Equal(["cam1.mp4", "cam2.mp4", "cam2.mp4"], measured);
        await Archive.ScanAsync();
        Assert.Equal(8.4, (await Archive.ListRecordingsAsync(null, 0, 1, Measure)).Recordings[0].DurationSeconds);

        async Task<double?[]> Lengths() => [.. (await Archive.ListRecordingsAsync(ArchiveFixture.Cycle, 0, 10, Measure)).Recordings.Select(recording => recording.DurationSeconds)];
    }

    [Fact]
    public async Task Our_own_writes_during_a_scan_are_never_undone_by_what_it_saw_before()
    {
        using var stop = new CancellationTokenSource();
        var scanning = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) await Archive.ScanAsync();
        });

        for (var i = 0; i < 200; i++)
        {
            using (var writer = Archive.BeginRecording(ArchiveFixture.Cycle, $"cam{i}.mp4", 1)) writer.Complete(ArchiveFixture.Part());
            Assert.Equal(i + 1, (await Archive.ListRecordingsAsync(ArchiveFixture.Cycle, 0, 0)).TotalCount);
        }

        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(ArchiveResult.Ok, (await Archive.DeleteRecordingAsync($"./output/{ArchiveFixture.Cycle}/cam{i}.mp4")).Result);
            Assert.Equal(199 - i, (await Archive.ListRecordingsAsync(ArchiveFixture.Cycle, 0, 0)).TotalCount);
        }

        for (var i = 0; i < 50; i++)
        {
            var name = await Archive.ReserveDirectoryAsync("20270101_000000");
            Assert.True((await Archive.ListRecordingsAsync(name, 0, 0)).Found);
            await Archive.DeleteDirectoryAsync(name);
            Assert.False((await Archive.ListRecordingsAsync(name, 0, 0)).Found);
        }

        await stop.CancelAsync();
        await scanning;
    }

    // As if nothing had happened to the file and its directory for an hour: twice the same time, so that no time tells of a change.
    private void Quiet(string file)
    {
        File.SetLastWriteTimeUtc(file, _hourAgo);
        Directory.SetLastWriteTimeUtc(Path.GetDirectoryName(file)!, _hourAgo);
    }
}
