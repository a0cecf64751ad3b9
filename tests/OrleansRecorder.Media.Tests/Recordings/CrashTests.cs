using OrleansRecorder.Captures;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Tests.Support;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Recordings;

/// <summary>What is on disk while a capture runs is what a crash would leave.</summary>
public sealed class CrashTests(GStreamerServer server) : IClassFixture<GStreamerServer>
{
    [Fact]
    public async Task A_recording_is_playable_to_within_two_seconds_at_every_moment_at_any_bit_rate() =>
        await Task.WhenAll(IsPlayableThroughout("/aac"), IsPlayableThroughout("/low"));

    private async Task IsPlayableThroughout(string path)
    {
        await using var recorder = new Recorder();
        var capture = recorder.Start(Orders.For(server.Url(path), seconds: 60));
        await Recorder.Until(capture, progress => progress.Status == CaptureStatus.Recording);
        for (var i = 1; i <= 4; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1700 + (i * 130)));
            var copy = Path.Combine(recorder.Folder, $"copy{i}.mp4");
            var before = capture.Progress.Recorded.TotalSeconds;
            CopyAsACrashWould(recorder.Target.Unfinished!, copy);
            var after = capture.Progress.Recorded.TotalSeconds;

            var left = Mp4Recovery.Recover(copy);
            Assert.True(left.HasKeyFrame);
            await Mp4File.MustBeSound(copy);
            var duration = await Mp4File.Duration(copy);
            Assert.InRange(duration, before - 2, after + 0.3);
            Assert.Equal(duration, left.Duration.TotalSeconds, 0.2);
        }

        capture.Stop(CaptureCause.Stopped);
        await capture.Completion;
    }

    private static void CopyAsACrashWould(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var target = File.Create(to);
        source.CopyTo(target);
    }
}
