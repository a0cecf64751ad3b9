using OrleansRecorder.Bench.Ingest;
using OrleansRecorder.Cameras;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Bench.Tests;

/// <summary>One round of a camera's clip in a file, beside what the camera says that it sent.</summary>
public sealed class FileCheckTests : IAsyncLifetime
{
    private const int Loop = 100;

    private static readonly SentVideo Round = new(0, Loop - 1, Loop);

    private readonly TemporaryFolder _folder = new();
    private string _clip = "";

    private string Recording => Path.Combine(_folder.Path, "0.mp4");

    public async Task InitializeAsync()
    {
        await using var server = CameraServer.Start(new CameraServerOptions { CacheFolder = _folder.Path });
        var camera = server.Add(new CameraOptions { Number = 1 });
        await camera.PrepareAsync();
        Assert.Equal(Loop, camera.FramesPerLoop);
        _clip = camera.VideoFile;
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_file_with_all_that_was_sent_is_whole()
    {
        await Record();

        Assert.Equal(new FileCounts(1, Loop, default, null), await Check(Round));
    }

    [Fact]
    public async Task A_frame_more_that_was_sent_first_is_missed()
    {
        await Record();

        Assert.Equal(new FileCounts(0, Loop, new Missing(1, 0, 0), "0.mp4: lacks 1 frames at the beginning, 0 between, 0 at the end"), await Check(Round with { First = Loop - 1, Frames = Loop + 1 }));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 0)]
    public async Task Two_frames_may_come_too_late_for_the_end(int late, int whole)
    {
        await Record();

        var counts = await Check(new SentVideo(0, late - 1, Loop + late));
        Assert.Equal((whole, new Missing(0, 0, late)), (counts.Whole, counts.Missing));
    }

    [Fact]
    public async Task A_whole_round_that_is_not_there_is_missed()
    {
        await Record();

        Assert.Equal(new FileCounts(0, Loop, new Missing(0, Loop, 0), "0.mp4: lacks 0 frames at the beginning, 100 between, 0 at the end"), await Check(Round with { Frames = 2 * Loop }));
    }

    [Fact]
    public async Task A_frame_that_is_cut_out_is_missed()
    {
        await Record("-bsf:v", "noise=drop='eq(n,24)'");

        var counts = await Check(Round);
        Assert.Equal((0, Loop - 1, new Missing(0, 1, 0), "0.mp4: frame 24 has number 25 after 23"), (counts.Whole, counts.Frames, counts.Missing, counts.Problem));
    }

    [Fact]
    public async Task A_file_without_sound_is_not_whole()
    {
        await Record("-an");

        var counts = await Check(Round);
        Assert.Equal(0, counts.Whole);
        Assert.Contains("matches no streams", counts.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_whose_sound_is_damaged_is_not_whole()
    {
        // Late enough that only who decodes all of it sees it.
        await Record("-bsf:a", "noise=amount='if(gte(n,80),50,1000000)'");

        var counts = await Check(Round);
        Assert.Equal((0, Loop, new Missing(0, 0, 0)), (counts.Whole, counts.Frames, counts.Missing));
        Assert.Contains("aac", counts.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_cut_is_not_whole()
    {
        await Record("-movflags", "+frag_keyframe+empty_moov");
        await using (var file = File.OpenWrite(Recording)) file.SetLength(file.Length / 2);

        var counts = await Check(Round);
        Assert.Equal(0, counts.Whole);
        Assert.InRange(counts.Frames, 1, Loop - 1);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_not_whole() => Assert.Equal(new FileCounts(0, 0, new Missing(0, Loop, 0), "0.mp4: is missing"), await Check(Round));

    [Fact]
    public async Task A_camera_that_was_left_early_or_asked_twice_has_no_whole_file()
    {
        await Record();

        Assert.Equal("0.mp4: its camera sent 100 frames instead of 101: TEARDOWN", (await Check(leastFrames: Loop + 1, Round)).Problem);
        Assert.Equal(0, (await Check(Round, Round)).Whole);
        Assert.Equal(0, (await Check()).Whole);
    }

    private Task<FileCounts> Check(params SentVideo[] sent) => Check(Loop, sent);

    private Task<FileCounts> Check(int leastFrames, params SentVideo[] sent)
    {
        SessionRecord[] sessions = [.. sent.Select(video => new SessionRecord(1, "", default, default(DateTimeOffset), "TEARDOWN", video))];
        return FileCheck.Run(_folder.Path, [sessions], leastFrames, Loop, CancellationToken.None);
    }

    private async Task Record(params string[] how)
    {
        string[] arguments = ["-nostdin", "-v", "error", "-framerate", "25", "-i", _clip, "-f", "lavfi", "-i", "sine=duration=4", "-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac", .. how, Recording];
        Assert.Equal(0, (await Shell.Run("ffmpeg", arguments)).ExitCode);
    }
}
