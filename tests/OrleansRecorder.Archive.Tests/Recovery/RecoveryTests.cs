using OrleansRecorder.Archive.Recovery;

namespace OrleansRecorder.Archive.Tests.Recovery;

public sealed class RecoveryTests : IAsyncLifetime
{
    private const string Cycle = ArchiveFixture.Cycle;

    private readonly ArchiveFixture _fixture = new();
    private readonly List<string> _repaired = [];

    private DirectoryArchive Archive => _fixture.Archive;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _fixture.DisposeAsync().AsTask();

    [Fact]
    public async Task What_a_crash_left_is_repaired_named_and_listed()
    {
        _fixture.Put($"{Cycle}/.cam1.mp4.recording", "whole fragments and a torn one");
        _fixture.Put($"{Cycle}/cam2.mp4", "finished before");

        var report = await Archive.RecoverAsync(CutTo("whole fragments", seconds: 8));

        var recovered = Assert.Single(report.Recovered);
        Assert.Equal(("cam1.mp4", Cycle, (long)"whole fragments".Length, 8.0), (recovered.Filename, recovered.Timestamp, recovered.Size, recovered.DurationSeconds));
        Assert.Equal([_fixture[Cycle, ".cam1.mp4.recording"]], _repaired);
        Assert.Equal("whole fragments", File.ReadAllText(_fixture[Cycle, "cam1.mp4"]));
        Assert.Equal(["cam1.mp4", "cam2.mp4"], Files());
        await Archive.ScanAsync();
        Assert.Equal(8.0, (await Archive.ListRecordingsAsync(Cycle, 0, 1)).Recordings[0].DurationSeconds);
    }

    [Fact]
    public async Task A_second_recovery_finds_nothing_to_do()
    {
        _fixture.Put($"{Cycle}/.cam1.mp4.recording");
        await Archive.RecoverAsync(CutTo("media", 1));
        var again = await Archive.RecoverAsync(CutTo("", 0));
        Assert.Empty(again.Recovered);
        Assert.Single(_repaired);
    }

    [Fact]
    public async Task A_file_with_nothing_in_it_is_removed()
    {
        _fixture.Put($"{Cycle}/.cam1.mp4.recording", "");
        _fixture.Put($"{Cycle}/.cam2.mp4.recording", "a header and no fragment");
        var report = await Archive.RecoverAsync((_, _) => Task.FromResult(RepairedRecording.Empty));
        Assert.Equal([$"{Cycle}/.cam1.mp4.recording", $"{Cycle}/.cam2.mp4.recording"], report.Discarded);
        Assert.Empty(Files());
    }

    [Fact]
    public async Task What_is_being_recorded_here_or_by_another_process_is_left_alone()
    {
        using var ours = Archive.BeginRecording(Cycle, "cam1.mp4", 1);
        using var others = _fixture.NewNode().For(ArchiveFixture.Configured).BeginRecording(Cycle, "cam2.mp4", 1);
        ours.Stream.Write("media"u8);
        others.Stream.Write("media"u8);

        var report = await Archive.RecoverAsync(CutTo("", 0));

        Assert.Equal(2, report.Alive);
        Assert.Equal([$"{Cycle}/.cam2.mp4.recording"], report.Left);
        Assert.Empty(_repaired);
        ours.Complete(ArchiveFixture.Part());
        others.Complete(ArchiveFixture.Part());
        Assert.Equal(["cam1.mp4", "cam2.mp4"], Files());
    }

    [Fact]
    public async Task Two_nodes_never_repair_the_same_file()
    {
        _fixture.Put($"{Cycle}/.cam1.mp4.recording");
        var begun = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var first = Archive.RecoverAsync(async (_, _) =>
        {
            begun.SetResult();
            await goOn.Task;
            return new RepairedRecording(TimeSpan.FromSeconds(1));
        });
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(10));

        var second = await _fixture.NewNode().For(ArchiveFixture.Configured).RecoverAsync(CutTo("", 0));
        Assert.Equal(1, second.Alive);
        Assert.Equal(ArchiveResult.InUse, (await Archive.DeleteDirectoryAsync(Cycle)).Result);

        goOn.SetResult();
        Assert.Single((await first).Recovered);
    }

    [Fact]
    public async Task A_file_that_cannot_be_repaired_stays_and_the_others_are_recovered()
    {
        _fixture.Put($"{Cycle}/.cam1.mp4.recording");
        _fixture.Put($"{Cycle}/.cam2.mp4.recording");

        var report = await Archive.RecoverAsync((path, _) => path.Contains("cam1")
            ? throw new InvalidDataException("no moov box")
            : Task.FromResult(new RepairedRecording(TimeSpan.FromSeconds(1))));

        Assert.Equal("cam2.mp4", Assert.Single(report.Recovered).Filename);
        Assert.Equal(($"{Cycle}/.cam1.mp4.recording", "no moov box"), (report.Failed.Single().Path, report.Failed.Single().Reason.English));
        Assert.Equal([$"{Cycle}/.cam1.mp4.recording"], report.Left);
        Assert.Equal([".cam1.mp4.recording", "cam2.mp4"], Files());

        Assert.Single((await Archive.RecoverAsync(CutTo("m", 1))).Recovered);
        Assert.Equal(["cam1.mp4", "cam2.mp4"], Files());
    }

    [Fact]
    public async Task A_recovered_file_never_replaces_another()
    {
        _fixture.Put($"{Cycle}/.cam1.mp4.recording", "crashed");
        _fixture.Put($"{Cycle}/cam1.mp4", "by hand");
        Assert.Equal("cam1.part2.mp4", Assert.Single((await Archive.RecoverAsync(CutTo("crashed", 1))).Recovered).Filename);
        Assert.Equal("by hand", File.ReadAllText(_fixture[Cycle, "cam1.mp4"]));
    }

    [Fact]
    public async Task A_rename_by_hard_link_that_was_cut_short_is_finished()
    {
        var unfinished = _fixture.Put($"{Cycle}/.cam1.mp4.recording");
        Assert.Equal(0, (await Testing.Shell.Run("ln", unfinished, _fixture[Cycle, "cam1.mp4"])).ExitCode);
        Assert.Equal("cam1.mp4", Assert.Single((await Archive.RecoverAsync(CutTo("media", 1))).Recovered).Filename);
        Assert.Equal(["cam1.mp4"], Files());
    }

    [Fact]
    public async Task Links_and_other_hidden_files_are_none_of_its_business()
    {
        var secret = _fixture.Outside("secret.mp4");
        Directory.CreateDirectory(_fixture[Cycle]);
        File.CreateSymbolicLink(_fixture[Cycle, ".link.mp4.recording"], secret);
        _fixture.Put($"{Cycle}/.notes.txt");
        _fixture.Put("not_a_cycle/.cam1.mp4.recording");
        var report = await Archive.RecoverAsync(CutTo("", 0));
        Assert.Empty(_repaired);
        Assert.Empty(report.Failed);
        Assert.Equal("secret", File.ReadAllText(secret));
    }

    [Fact]
    public async Task A_half_written_report_goes_once_it_is_old()
    {
        var old = _fixture.Put($"{Cycle}/.report.txt.writing");
        _fixture.Put($"{Cycle}/.streams.csv.writing");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-1));
        await Archive.RecoverAsync(CutTo("", 0));
        Assert.Equal([".streams.csv.writing"], Files());
    }

    [Fact]
    public async Task Without_an_output_directory_there_is_nothing_to_recover()
    {
        var report = await Archive.RecoverAsync(CutTo("", 0));
        Assert.Empty(report.Recovered);
        Assert.Empty(report.Failed);
        Assert.False(Directory.Exists(_fixture.Output));
    }

    [Fact]
    public async Task A_repair_may_open_the_file_as_it_likes()
    {
        _fixture.Put($"{Cycle}/.cam1.mp4.recording", "whole and torn");
        var report = await Archive.RecoverAsync((path, _) =>
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(5);
            return Task.FromResult(new RepairedRecording(TimeSpan.FromSeconds(1)));
        });
        Assert.Equal(5, Assert.Single(report.Recovered).Size);
    }

    private RecordingRepair CutTo(string content, double seconds) => (path, _) =>
    {
        lock (_repaired) _repaired.Add(path);
        File.WriteAllText(path, content);
        return Task.FromResult(new RepairedRecording(TimeSpan.FromSeconds(seconds)));
    };

    private string[] Files() => [.. Directory.GetFiles(_fixture[Cycle]).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
}
