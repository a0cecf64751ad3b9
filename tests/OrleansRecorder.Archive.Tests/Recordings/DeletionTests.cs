using OrleansRecorder.Testing;

namespace OrleansRecorder.Archive.Tests.Recordings;

public sealed class DeletionTests : IAsyncLifetime
{
    private const string Cycle = ArchiveFixture.Cycle;

    private readonly ArchiveFixture _fixture = new();

    private DirectoryArchive Archive => _fixture.Archive;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _fixture.DisposeAsync().AsTask();

    [Fact]
    public async Task A_deleted_recording_is_gone_from_disk_and_listing_at_once()
    {
        _fixture.Put($"{Cycle}/cam1.mp4");
        _fixture.Put($"{Cycle}/cam2.mp4");
        await Archive.ScanAsync();

        Assert.Equal(ArchiveOutcome.Done, await Archive.DeleteRecordingAsync($"./output/{Cycle}/cam1.mp4"));
        Assert.Equal([$"{Cycle}/cam2.mp4"], await _fixture.Listed());
        Assert.False(File.Exists(_fixture[Cycle, "cam1.mp4"]));
        Assert.Equal(ArchiveResult.NotFound, (await Archive.DeleteRecordingAsync($"./output/{Cycle}/cam1.mp4")).Result);
    }

    [Fact]
    public async Task What_is_being_recorded_can_be_deleted_only_when_it_is_complete()
    {
        using var writer = Archive.BeginRecording(Cycle, "cam1.mp4", 1);
        var outcome = await Archive.DeleteRecordingAsync($"./output/{Cycle}/cam1.mp4");
        Assert.Equal((ArchiveResult.InUse, "文件正在录制"), (outcome.Result, outcome.Reason.Chinese));
        Assert.Equal(ArchiveResult.InUse, (await Archive.DeleteRecordingAsync($"./output/{Cycle}/.cam1.mp4.recording")).Result);
        Assert.Equal(ArchiveResult.InUse, (await Archive.StatRecordingAsync($"./output/{Cycle}/cam1.mp4")).Result);
        Assert.Equal(ArchiveResult.InUse, (await Archive.DeleteDirectoryAsync(Cycle)).Result);

        writer.Complete(ArchiveFixture.Part());
        Assert.Equal(ArchiveOutcome.Done, await Archive.DeleteRecordingAsync($"./output/{Cycle}/cam1.mp4"));
        Assert.Equal(ArchiveOutcome.Done, await Archive.DeleteDirectoryAsync(Cycle));
    }

    [Fact]
    public async Task What_another_process_records_on_a_shared_volume_is_in_use_here_too()
    {
        var other = _fixture.NewNode().For(ArchiveFixture.Configured);
        using (var writer = other.BeginRecording(Cycle, "cam1.mp4", 1))
        {
            writer.Stream.Write("media"u8);
            Assert.Equal(ArchiveResult.InUse, (await Archive.DeleteRecordingAsync($"./output/{Cycle}/cam1.mp4")).Result);
            Assert.Equal(ArchiveResult.InUse, (await Archive.DeleteDirectoryAsync(Cycle)).Result);
            Assert.True(File.Exists(_fixture[Cycle, ".cam1.mp4.recording"]));
        }

        // Dropped by its writer, as by a crash: nobody's any more.
        Assert.Equal(ArchiveResult.NotFound, (await Archive.DeleteRecordingAsync($"./output/{Cycle}/cam1.mp4")).Result);
        Assert.Equal(ArchiveOutcome.Done, await Archive.DeleteDirectoryAsync(Cycle));
    }

    [Fact]
    public async Task A_deleted_directory_takes_all_that_is_in_it_and_nothing_that_its_links_lead_to()
    {
        var secret = _fixture.Outside("secret.mp4");
        var elsewhere = Directory.CreateDirectory(Path.Combine(_fixture.Base, "elsewhere")).FullName;
        File.WriteAllText(Path.Combine(elsewhere, "kept.mp4"), "kept");
        _fixture.Put($"{Cycle}/cam1.mp4");
        _fixture.Put($"{Cycle}/report.txt");
        _fixture.Put($"{Cycle}/.cam2.mp4.recording", "left by a crash");
        _fixture.Put($"{Cycle}/sub/deep/deeper.mp4");
        File.CreateSymbolicLink(_fixture[Cycle, "link.mp4"], secret);
        Directory.CreateSymbolicLink(_fixture[Cycle, "sub", "out"], elsewhere);
        _fixture.Put("20260102_000000/cam1.mp4");
        await Archive.ScanAsync();

        Assert.Equal(ArchiveOutcome.Done, await Archive.DeleteDirectoryAsync(Cycle));

        Assert.False(Directory.Exists(_fixture[Cycle]));
        Assert.True(File.Exists(secret));
        Assert.True(File.Exists(Path.Combine(elsewhere, "kept.mp4")));
        Assert.Equal(["20260102_000000/cam1.mp4"], await _fixture.Listed());
        Assert.Equal(["20260102_000000"], (await Archive.ListDirectoriesAsync()).Select(d => d.Timestamp));
    }

    [Fact]
    public async Task A_directory_with_names_in_another_encoding_is_deleted_too()
    {
        _fixture.Put($"{Cycle}/cam1.mp4");
        // GBK, as old tools write it: no UTF-8.
        var made = await Shell.Run("sh", "-c", $"mkdir \"$(printf '{_fixture[Cycle]}/\\302\\274\\317\\361')\" && printf x > \"$(printf '{_fixture[Cycle]}/\\302\\274\\317\\361/\\302\\274.mp4')\"");
        Assert.Equal(0, made.ExitCode);

        Assert.Equal(ArchiveOutcome.Done, await Archive.DeleteDirectoryAsync(Cycle));
        Assert.False(Directory.Exists(_fixture[Cycle]));
    }

    [Fact]
    public async Task A_recording_that_begins_while_its_directory_is_deleted_finds_a_directory_of_its_own()
    {
        for (var i = 0; i < 5; i++)
        {
            foreach (var f in Enumerable.Range(0, 400)) _fixture.Put($"{Cycle}/old{f}.mp4");
            var deleting = Archive.DeleteDirectoryAsync(Cycle);
            SpinWait.SpinUntil(() => !File.Exists(_fixture[Cycle, "old0.mp4"]) || !File.Exists(_fixture[Cycle, "old399.mp4"]), TimeSpan.FromSeconds(10));

            using var writer = Archive.BeginRecording(Cycle, "cam1.mp4", 1);
            Assert.Equal(ArchiveOutcome.Done, await deleting);
            writer.Complete(ArchiveFixture.Part());

            Assert.Equal([_fixture[Cycle, "cam1.mp4"]], Directory.GetFiles(_fixture[Cycle]));
            Assert.Equal([$"{Cycle}/cam1.mp4"], await _fixture.Listed());
        }
    }

    [Fact]
    public async Task When_the_file_system_refuses_the_reason_is_told_and_the_rest_stays_listed()
    {
        var cycle = Directory.CreateDirectory(_fixture[Cycle]).FullName;
        var nested = cycle;
        for (var depth = 0; depth < 70; depth++) nested = Directory.CreateDirectory(Path.Combine(nested, "d")).FullName;

        var outcome = await Archive.DeleteDirectoryAsync(Cycle);
        Assert.Equal((ArchiveResult.Failed, "目录层级过深"), (outcome.Result, outcome.Reason.Chinese));
        Assert.Contains(await Archive.ListDirectoriesAsync(), d => d.Timestamp == Cycle);
    }
}
