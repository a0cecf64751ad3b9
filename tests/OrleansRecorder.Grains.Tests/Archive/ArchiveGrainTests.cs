using System.Diagnostics;
using OrleansRecorder.Support;

namespace OrleansRecorder.Archive;

public sealed class ArchiveGrainTests
{
    [Fact]
    public async Task It_shows_what_is_on_its_nodes_disk()
    {
        await using var node = await TestNode.Started();
        var directory = await node.Archive.ReserveDirectory(node.Output, "20260101_000000");
        await File.WriteAllBytesAsync(Path.Combine(node.Output, directory, "byhand.mp4"), new byte[1000]);

        for (var until = DateTimeOffset.UtcNow.AddSeconds(10); (await node.Archive.ListRecordings(node.Output, null, 0, 10)).TotalCount == 0; await Task.Delay(20))
            Assert.True(DateTimeOffset.UtcNow < until);

        Assert.Equal("20260101_000001", await node.Archive.ReserveDirectory(node.Output, "20260101_000000"));
        Assert.Equal(["20260101_000001", "20260101_000000"], (await node.Archive.ListDirectories(node.Output)).Select(d => d.Timestamp));
        var path = Path.Combine(node.Output, directory, "byhand.mp4");
        var file = await node.Archive.StatRecording(node.Output, path);
        Assert.Equal(1000, (await node.Archive.Read(node.Output, file.Path, file.ETag, 0, 4096))!.Length);
        Assert.Equal(ArchiveResult.Ok, (await node.Archive.DeleteRecording(node.Output, path)).Result);
        Assert.Equal(ArchiveResult.NotFound, (await node.Archive.DeleteRecording(node.Output, path)).Result);
        Assert.Equal(ArchiveResult.Ok, (await node.Archive.DeleteDirectory(node.Output, directory)).Result);
    }

    [Fact]
    public async Task It_tells_the_length_of_a_recording_whose_process_died_before_its_report()
    {
        await using var node = await TestNode.Started();
        var directory = await node.Archive.ReserveDirectory(node.Output, "20260101_000000");
        var path = Path.Combine(node.Output, directory, "camera1.mp4");
        using (var ffmpeg = Process.Start("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=10:duration=3", path])) await ffmpeg.WaitForExitAsync();

        RecordingPage page;
        for (var until = DateTimeOffset.UtcNow.AddSeconds(10); (page = await node.Archive.ListRecordings(node.Output, directory, 0, 10)).TotalCount == 0; await Task.Delay(20))
            Assert.True(DateTimeOffset.UtcNow < until);
        Assert.Equal(3, Assert.Single(page.Recordings).DurationSeconds!.Value, 1);
    }

    [Fact]
    public async Task What_the_file_system_refuses_travels_as_a_plain_exception_with_the_reason()
    {
        await using var node = await TestNode.Started();
        await File.WriteAllTextAsync(node.Output, "in the way");
        var exception = await Assert.ThrowsAsync<IOException>(() => node.Archive.ReserveDirectory(node.Output, "20260101_000000"));
        Assert.Contains(node.Output, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_not_there_has_no_archive_anywhere_else()
    {
        await using var node = await TestNode.Started();
        await Assert.ThrowsAnyAsync<OrleansException>(() => node.Grains.GetGrain<IArchiveGrain>("node-2").ListDirectories(node.Output));
    }
}
