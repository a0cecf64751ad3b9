using System.Diagnostics;
using System.Globalization;
using OrleansRecorder.Media.Tests.Support;
using OrleansRecorder.Media.Volumes;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Volumes;

/// <summary>Blocks on the disk before there is anything in them, and none left over.</summary>
public sealed class PreallocationTests
{
    private const long Block = 64 << 10;

    [Fact]
    public async Task A_file_has_its_blocks_before_its_writes_and_keeps_its_length()
    {
        using var folder = new TemporaryFolder();
        using var file = File.OpenHandle(folder["a"], FileMode.Create, FileAccess.Write);
        var room = new Preallocation();
        room.Reach(file, 100);
        Assert.InRange(await Allocated(folder["a"]), 1 << 20, (1 << 20) + Block);
        room.Reach(file, (1 << 20) + 1);
        Assert.InRange(await Allocated(folder["a"]), 2 << 20, (2 << 20) + Block);
        Assert.Equal(0, new FileInfo(folder["a"]).Length);

        Preallocation.Release(file, 0);
        Assert.InRange(await Allocated(folder["a"]), 0, Block);
    }

    [Fact]
    public async Task A_recording_that_has_ended_takes_no_more_than_its_length()
    {
        var clip = await Clip.Encode("640x480", seconds: 2);
        using var attempt = new Attempt();
        attempt.Recorder.OnTracks([clip.Track]);
        attempt.Play(clip, 0, 50);
        await attempt.Written();
        await attempt.Close();

        var length = new FileInfo(attempt["camera.mp4"]).Length;
        Assert.InRange(await Allocated(attempt["camera.mp4"]), length, length + Block);
    }

    private static async Task<long> Allocated(string path)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%b", path]) { RedirectStandardOutput = true })!;
        return 512 * long.Parse(await stat.StandardOutput.ReadToEndAsync(), CultureInfo.InvariantCulture);
    }
}
