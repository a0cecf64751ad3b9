using System.Globalization;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Tests.Support;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Captures;

/// <summary>Recordings from a server that we did not write.</summary>
public sealed class GStreamerTests(GStreamerServer server) : IClassFixture<GStreamerServer>
{
    [Fact]
    public async Task Streams_of_every_kind_become_sound_files_as_long_as_asked()
    {
        await Task.WhenAll(
            Records("/aac", "h264", "aac"),
            Records("/pcma", "h264", "aac"),
            Records("/video", "h264", null),
            Records("/low", "h264", null));
    }

    [Fact]
    public async Task H265_and_reordered_pictures_become_sound_files()
    {
        await Task.WhenAll(
            Records("/h265", "hevc", null),
            Records("/b-frames", "h264", null));
    }

    [Fact]
    public async Task A_stop_ends_the_file_where_the_wall_clock_says()
    {
        await using var recorder = new Recorder();
        var capture = recorder.Start(Orders.For(server.Url("/aac"), seconds: 60));
        await Recorder.Until(capture, progress => progress.Status == CaptureStatus.Recording);
        await Task.Delay(TimeSpan.FromSeconds(4));
        capture.Stop(CaptureCause.Stopped);
        var stoppedAt = DateTimeOffset.UtcNow;
        var result = await capture.Completion.WaitAsync(TimeSpan.FromSeconds(3));

        Assert.Equal(CaptureStatus.Cancelled, result.Status);
        var path = Assert.Single(recorder.Files);
        await Mp4File.MustBeSound(path);
        var wall = (stoppedAt - result.Progress.FirstFrameAt!.Value).TotalSeconds;
        Assert.InRange(await Mp4File.Duration(path), wall - 0.3, wall + 0.3);
    }

    [Fact]
    public async Task A_stream_without_pictures_is_told_apart()
    {
        await using var recorder = new Recorder();
        var result = await recorder.Record(Orders.For(server.Url("/sound-only")) with { Deadline = DateTimeOffset.UtcNow.AddSeconds(2) });

        Assert.Equal(CaptureCause.NoMedia, result.Cause);
        Assert.Equal(CaptureStatus.Unavailable, result.Status);
        Assert.Empty(recorder.Files);
    }

    [Fact]
    public async Task A_path_that_the_server_does_not_know_is_unavailable()
    {
        await using var recorder = new Recorder();
        var result = await recorder.Record(Orders.For(server.Url("/nothing")) with { Deadline = DateTimeOffset.UtcNow.AddSeconds(2) });

        Assert.Equal(CaptureCause.NotFound, result.Cause);
        Assert.Equal(CaptureStatus.Unavailable, result.Status);
        Assert.Contains("/nothing", result.Message.English, StringComparison.Ordinal);
        Assert.Contains("404", result.Message.Chinese, StringComparison.Ordinal);
    }

    private async Task Records(string path, string video, string? audio)
    {
        await using var recorder = new Recorder();
        var result = await recorder.Record(Orders.For(server.Url(path)));

        Assert.True(result.Status == CaptureStatus.Completed, $"{path}: {result.Cause} {result.Message}");
        Assert.Equal(video, result.Progress.Codec);
        Assert.Equal((320, 240), (result.Progress.Width, result.Progress.Height));
        var file = Assert.Single(recorder.Files);
        await Mp4File.MustBeSound(file);
        Assert.Equal(4, result.Parts[0].Duration.TotalSeconds, 0.3);
        Assert.Equal(new FileInfo(file).Length, result.Parts[0].Size);
        Assert.Equal(video == "hevc" ? "hvc1" : "avc1", await Mp4File.Entry(file, "v", "stream=codec_tag_string"));
        Assert.InRange(double.Parse(await Mp4File.Entry(file, "v", "stream=start_time"), CultureInfo.InvariantCulture), 0, 0.1);
        Assert.InRange(await Mp4File.Duration(file), 3.7, 4.3);
        Assert.Equal(audio ?? "", await Mp4File.Entry(file, "a", "stream=codec_name"));
        if (audio is not null) Assert.InRange(await Mp4File.Duration(file, "a"), 3.5, 4.3);
        await HasNoRepeats(file);
    }

    private static async Task HasNoRepeats(string file)
    {
        var times = (await Mp4File.Packets(file)).Select(packet => packet.Pts).Order().ToList();
        for (var i = 1; i < times.Count; i++) Assert.InRange(times[i] - times[i - 1], 0.01, 1.5);
    }
}
