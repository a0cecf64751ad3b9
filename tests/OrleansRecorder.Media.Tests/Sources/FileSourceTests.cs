using OrleansRecorder.Captures;
using OrleansRecorder.Media.Tests.Support;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Sources;

/// <summary>What is not RTSP goes through the same source.</summary>
public sealed class FileSourceTests
{
    [Theory]
    [InlineData("mp4", "libx264", "-bf 2")]
    [InlineData("flv", "libx264", "-bf 0")]
    [InlineData("ts", "libx265", "-x265-params log-level=none")]
    [InlineData("avi", "mpeg4", "-bf 0")]
    public async Task A_file_is_recorded_to_its_end(string container, string codec, string options)
    {
        using var folder = new TemporaryFolder();
        var source = folder["source." + container];
        var encoded = await Shell.Run("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=3", "-f", "lavfi", "-i", "sine=duration=3:sample_rate=44100",
            "-pix_fmt", "yuv420p", "-g", "25", "-c:v", codec, .. options.Split(' '), "-c:a", "aac", "-ac", "1", source]);
        Assert.True(encoded.ExitCode == 0, encoded.Errors);
        await using var recorder = new Recorder();
        var result = await recorder.Record(Orders.For("file://localhost" + source, seconds: 60));

        Assert.True(result.Status == CaptureStatus.Completed, result.Message.English);
        var file = Assert.Single(recorder.Files);
        await Mp4File.MustBeSound(file);
        Assert.InRange(await Mp4File.Duration(file), 2.7, 3.3);
        Assert.InRange(await Mp4File.Duration(file, "a"), 2.6, 3.3);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_not_found()
    {
        await using var recorder = new Recorder();
        var result = await recorder.Record(Orders.For("file://localhost/no/such/file.mp4") with { Deadline = DateTimeOffset.UtcNow.AddSeconds(1.5) });
        Assert.Equal(CaptureCause.NotFound, result.Cause);
    }
}
