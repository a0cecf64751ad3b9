using OrleansRecorder.Archive.Recordings;

namespace OrleansRecorder.Archive.Tests.Recordings;

public sealed class RecordingWriterTests : IAsyncLifetime
{
    private const string Cycle = ArchiveFixture.Cycle;

    private readonly ArchiveFixture _fixture = new();

    private DirectoryArchive Archive => _fixture.Archive;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _fixture.DisposeAsync().AsTask();

    [Fact]
    public async Task A_recording_is_hidden_until_it_is_complete_and_listed_at_once_then()
    {
        using var writer = Archive.BeginRecording(Cycle, "cam1.mp4", 1, "rtsp://admin:secret@cam/1");
        writer.Stream.Write("media"u8);
        Assert.Equal("cam1.mp4", writer.Filename);
        Assert.Equal(_fixture[Cycle, ".cam1.mp4.recording"], writer.Stream.Name);
        Assert.Equal([".cam1.mp4.recording"], Files());
        Assert.Empty(await _fixture.Listed());

        var recording = writer.Complete(ArchiveFixture.Part(seconds: 12.5));

        Assert.Equal(["cam1.mp4"], Files());
        Assert.Equal(recording, (await Archive.ListRecordingsAsync(Cycle, 0, 1)).Recordings.Single());
        Assert.Equal(("cam1.mp4", Cycle, 5L, 12.5, "rtsp://cam/1"), (recording.Filename, recording.Timestamp, recording.Size, recording.DurationSeconds, recording.RtspUrl));
        Assert.Equal("media", File.ReadAllText(_fixture[Cycle, "cam1.mp4"]));
    }

    [Fact]
    public async Task What_completion_told_of_a_recording_outlives_a_scan()
    {
        using (var writer = Archive.BeginRecording(Cycle, "cam1.mp4", 1, "rtsp://cam/1")) writer.Complete(ArchiveFixture.Part(seconds: 12.5));
        await Archive.ScanAsync();
        var recording = (await Archive.ListRecordingsAsync(Cycle, 0, 1)).Recordings.Single();
        Assert.Equal((12.5, "rtsp://cam/1"), (recording.DurationSeconds, recording.RtspUrl));

        File.WriteAllText(_fixture[Cycle, "cam1.mp4"], "another file of that name");
        await Archive.ScanAsync();
        recording = (await Archive.ListRecordingsAsync(Cycle, 0, 1)).Recordings.Single();
        Assert.Equal((null, null), (recording.DurationSeconds, recording.RtspUrl));
    }

    [Fact]
    public void A_part_gives_way_to_files_that_exist()
    {
        _fixture.Put($"{Cycle}/cam1.mp4", "by hand");
        _fixture.Put($"{Cycle}/.cam1.part2.mp4.recording", "left by a crash");
        using var writer = Archive.BeginRecording(Cycle, "cam1.mp4", 1);
        Assert.Equal("cam1.part3.mp4", writer.Filename);
        writer.Complete(ArchiveFixture.Part());
        Assert.Equal([".cam1.part2.mp4.recording", "cam1.mp4", "cam1.part3.mp4"], Files());
    }

    [Fact]
    public void Completing_never_replaces_a_file_that_came_meanwhile()
    {
        using var first = Archive.BeginRecording(Cycle, "cam1.mp4", 1);
        using var second = Archive.BeginRecording(Cycle, "cam1.mp4", 2);
        first.Stream.Write("ours"u8);
        _fixture.Put($"{Cycle}/cam1.mp4", "by hand");

        Assert.Equal("cam1.part3.mp4", first.Complete(ArchiveFixture.Part()).Filename);
        Assert.Equal("cam1.part3.mp4", first.Filename);
        Assert.Equal("by hand", File.ReadAllText(_fixture[Cycle, "cam1.mp4"]));
        Assert.Equal("ours", File.ReadAllText(_fixture[Cycle, "cam1.part3.mp4"]));
    }

    [Fact]
    public void Two_captures_of_one_name_never_share_a_file()
    {
        var writers = new RecordingWriter[32];
        Parallel.For(0, writers.Length, i => writers[i] = Archive.BeginRecording(Cycle, "cam1.mp4", 1));
        Assert.Equal(32, writers.Select(w => w.Filename).Distinct().Count());
        Assert.Equal(32, Archive.OpenRecordings);
        Parallel.ForEach(writers, w => w.Complete(ArchiveFixture.Part()));
        Assert.Equal(32, Directory.GetFiles(_fixture[Cycle], "*.mp4").Length);
        Assert.Equal(0, Archive.OpenRecordings);
    }

    [Fact]
    public void A_discarded_recording_leaves_nothing_and_one_that_is_only_dropped_stays_for_recovery()
    {
        Archive.BeginRecording(Cycle, "cam1.mp4", 1).Discard();
        Assert.Empty(Files());

        using (var writer = Archive.BeginRecording(Cycle, "cam2.mp4", 1)) writer.Stream.Write("media"u8);
        Assert.Equal([".cam2.mp4.recording"], Files());
        Assert.Equal(0, Archive.OpenRecordings);
    }

    [Fact]
    public void A_file_that_its_user_has_closed_is_still_completed()
    {
        using var writer = Archive.BeginRecording(Cycle, "cam1.mp4", 1);
        writer.Stream.Write("media"u8);
        writer.Stream.Dispose();
        Assert.Equal(5, writer.Complete(ArchiveFixture.Part()).Size);
    }

    [Fact]
    public void A_file_that_is_written_can_be_read_by_its_path()
    {
        using var writer = Archive.BeginRecording(Cycle, "cam1.mp4", 1);
        writer.Stream.Write("media"u8);
        using var reader = new FileStream(writer.Stream.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Assert.Equal(5, reader.Length);
    }

    [Fact]
    public void The_cycle_directory_is_made_where_it_is_missing()
    {
        using var writer = Archive.BeginRecording("20260101_000009", "cam1.mp4", 1);
        Assert.True(Directory.Exists(_fixture["20260101_000009"]));
    }

    [Theory]
    [InlineData("20260101_080000", "../cam1.mp4")]
    [InlineData("20260101_080000", ".cam1.mp4")]
    [InlineData("20260101_080000", "cam1.txt")]
    [InlineData("../20260101_080000", "cam1.mp4")]
    [InlineData("cycle", "cam1.mp4")]
    public void A_recording_is_never_begun_outside_a_cycle_directory(string directory, string filename)
    {
        var refusal = Assert.Throws<ArchiveException>(() => Archive.BeginRecording(directory, filename, 1));
        Assert.Equal(ArchiveResult.Invalid, refusal.Result);
    }

    [Fact]
    public void A_linked_cycle_directory_is_not_written_into()
    {
        var elsewhere = Directory.CreateDirectory(Path.Combine(_fixture.Base, "elsewhere")).FullName;
        Directory.CreateDirectory(_fixture.Output);
        Directory.CreateSymbolicLink(_fixture[Cycle], elsewhere);

        Assert.Equal(ArchiveResult.Forbidden, Assert.Throws<ArchiveException>(() => Archive.BeginRecording(Cycle, "cam1.mp4", 1)).Result);
        Assert.Empty(Directory.GetFileSystemEntries(elsewhere));
    }

    [Fact]
    public void A_name_too_long_for_its_hidden_form_is_refused_with_the_reason()
    {
        var refusal = Assert.Throws<ArchiveException>(() => Archive.BeginRecording(Cycle, new string('a', 251) + ".mp4", 1));
        Assert.Equal("the name is too long", refusal.Reason.English);
    }

    [Fact]
    public void A_full_disk_is_told_apart()
    {
        var full = ArchiveException.From(new IOException("No space left on device", 28));
        Assert.True(full.IsDiskFull);
        Assert.Equal(new LocalizedText("磁盘已满", "the disk is full"), full.Reason);
    }

    [Fact]
    public void An_output_directory_that_cannot_be_written_is_named_in_both_languages()
    {
        Archive.EnsureWritable();
        Assert.Empty(Directory.GetFileSystemEntries(_fixture.Output));

        _fixture.Outside("file");
        var blocked = _fixture.NewNode().For("./file/output");
        var refusal = Assert.Throws<ArchiveException>(blocked.EnsureWritable);
        Assert.StartsWith($"无法写入输出目录 {blocked.Path}: ", refusal.Reason.Chinese);
        Assert.StartsWith($"the output directory {blocked.Path} cannot be written: ", refusal.Reason.English);
        Assert.Equal(refusal.Reason.English, refusal.Message);

        Assert.Throws<ArchiveException>(_fixture.NewNode().For("/proc/recorder-output").EnsureWritable);
    }

    [Fact]
    public async Task A_reserved_directory_is_there_and_listed_and_a_taken_name_gives_way_to_the_next_second()
    {
        Assert.Equal("20261231_235959", await Archive.ReserveDirectoryAsync("20261231_235959"));
        Assert.Equal("20270101_000000", await Archive.ReserveDirectoryAsync("20261231_235959"));
        _fixture.Put("20270101_000001");
        Assert.Equal("20270101_000002", await Archive.ReserveDirectoryAsync("20270101_000000"));
        Assert.True(Directory.Exists(_fixture["20270101_000002"]));
        Assert.Equal(["20270101_000002", "20270101_000000", "20261231_235959"], (await Archive.ListDirectoriesAsync()).Select(d => d.Timestamp));
        await Assert.ThrowsAsync<ArchiveException>(() => Archive.ReserveDirectoryAsync("../20270101_000000"));
    }

    [Fact]
    public async Task Directories_reserved_at_once_are_all_different()
    {
        var names = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Archive.ReserveDirectoryAsync(Cycle)));
        Assert.Equal(20, names.Distinct().Count());
    }

    private string[] Files() => [.. Directory.GetFiles(_fixture[Cycle]).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
}
