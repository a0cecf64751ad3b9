using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;

namespace OrleansRecorder.Archive.Tests.Index;

public sealed class ScaleTests : IDisposable
{
    // In memory where there is such a place: what is measured is our work, and a hundred thousand files are not put on a disk for it.
    private readonly string _base = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"recorder-test-{Guid.NewGuid():N}");

    public void Dispose() => Directory.Delete(_base, recursive: true);

    [Fact]
    public async Task A_hundred_thousand_files_list_within_300_ms_and_are_scanned_within_ten_seconds()
    {
        for (var d = 0; d < 1000; d++)
        {
            var directory = Directory.CreateDirectory($"{_base}/output/20260101_00{d / 60:00}{d % 60:00}").FullName;
            for (var f = 0; f < 100; f++) File.OpenHandle($"{directory}/camera{f}.mp4", FileMode.CreateNew, FileAccess.Write).Dispose();
        }

        await using var node = new NodeArchives(new NodeArchivesOptions { BaseDirectory = _base }, TimeProvider.System, NullLogger<DirectoryArchive>.Instance);
        var watch = Stopwatch.StartNew();
        var archive = node.For("output");
        Assert.Equal(100_000, (await archive.ListRecordingsAsync(null, 0, 1)).TotalCount);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));

        watch.Restart();
        var all = await archive.ListRecordingsAsync(null, 0, int.MaxValue);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromMilliseconds(300));
        Assert.Equal(100_000, all.Recordings.Length);

        watch.Restart();
        Assert.Equal(1000, (await archive.ListDirectoriesAsync()).Length);
        Assert.Equal(20, (await archive.ListRecordingsAsync(null, 99_000, 20)).Recordings.Length);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromMilliseconds(300));
    }
}
