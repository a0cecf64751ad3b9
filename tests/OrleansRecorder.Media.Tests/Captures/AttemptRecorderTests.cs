using OrleansRecorder.Captures;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Sources;
using OrleansRecorder.Media.Tests.Support;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Captures;

/// <summary>Pictures that lie in the source's buffer on their way into files.</summary>
public sealed class AttemptRecorderTests : IClassFixture<AttemptRecorderTests.Clips>
{
    private readonly Clips _clips;

    public AttemptRecorderTests(Clips clips) => _clips = clips;

    [Theory]
    [InlineData("h264")]
    [InlineData("hevc")]
    public async Task Pictures_in_place_make_the_file_that_packets_make(string codec)
    {
        var clip = codec == "hevc" ? _clips.Hevc : _clips.Small;
        using var inPlace = new Attempt();
        using var packets = new Attempt();
        inPlace.Recorder.OnTracks([clip.Track]);
        packets.Recorder.OnTracks([clip.Track]);
        inPlace.Play(clip, 0, clip.Count);
        for (var i = 0; i < clip.Count; i++)
        {
            packets.Time.Advance(TimeSpan.FromMilliseconds(40));
            Assert.True(packets.Recorder.OnPacket(clip.Packet(i, i * 3600L)));
        }

        Assert.Equal(await inPlace.Close(), await packets.Close());
        await Mp4File.MustBeSound(inPlace["camera.mp4"]);
        Assert.Equal(await File.ReadAllBytesAsync(inPlace["camera.mp4"]), await File.ReadAllBytesAsync(packets["camera.mp4"]));
        Assert.Equal((0, 0), (inPlace.Pool.InUse, packets.Pool.InUse));
        Assert.Equal(clip.Count, inPlace.Counters.Pictures);
    }

    [Fact]
    public void Damaged_parameter_sets_are_counted_in_a_warning()
    {
        using var attempt = new Attempt();
        for (var i = 0; i < 3; i++) attempt.Recorder.OnDamagedSet(0);

        var warning = Assert.Single(attempt.State.Warnings);
        Assert.StartsWith("3 parameter sets", warning.English, StringComparison.Ordinal);
        Assert.Contains("3 个损坏的编码参数集", warning.Chinese, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_before_the_first_key_frame_or_after_the_end_is_in_no_file_and_in_no_memory()
    {
        using var attempt = new Attempt(seconds: 2);
        var clip = _clips.Small;
        attempt.Recorder.OnTracks([clip.Track]);
        attempt.Play(clip, 10, 10);
        Assert.Equal((0, 0L), (attempt.Pool.InUse, attempt.Pictures.End - attempt.Pictures.Start));
        attempt.Play(clip, 20, 55);
        Assert.False(attempt.Picture(clip, 75, 75 * 3600));
        Assert.False(attempt.Picture(clip, 76, 76 * 3600));

        var part = Assert.Single(await attempt.Close());
        Assert.Equal(2, part.Duration.TotalSeconds, 0.001);
        await Mp4File.MustBeSound(attempt["camera.mp4"]);
        Assert.Equal(50, (await Mp4File.Packets(attempt["camera.mp4"])).Count);
        Assert.Equal(2, await Mp4File.Duration(attempt["camera.mp4"]), 0.001);
        Assert.Equal(0, attempt.Pool.InUse);
    }

    [Fact]
    public async Task A_fragment_is_on_the_disk_before_it_holds_two_seconds_even_without_another_key_frame()
    {
        using var attempt = new Attempt();
        var clip = _clips.LongGop;
        attempt.Recorder.OnTracks([clip.Track]);
        for (var i = 0; i < clip.Count; i++)
        {
            attempt.Play(clip, i, 1);
            await attempt.Written();
            if (i < 20) continue;
            var onDisk = Mp4Recovery.Inspect(attempt.Target.Unfinished!);
            Assert.True(onDisk.HasKeyFrame);
            Assert.InRange(attempt.State.Recorded - onDisk.Duration, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        }

        await attempt.Close();
        await Mp4File.MustBeSound(attempt["camera.mp4"]);
    }

    [Fact]
    public async Task A_recovery_point_begins_a_file_when_no_key_frame_has_come_for_three_seconds()
    {
        using var attempt = new Attempt();
        var clip = _clips.Small;
        attempt.Recorder.OnTracks([clip.Track]);
        for (var i = 0; i < 75; i++)
        {
            attempt.Time.Advance(TimeSpan.FromMilliseconds(40));
            Assert.True(attempt.Picture(clip, i, i * 3600, isKey: false));
        }

        Assert.False(attempt.Recorder.HasMedia);
        for (var i = 75; i < 125; i++)
        {
            attempt.Time.Advance(TimeSpan.FromMilliseconds(40));
            Assert.True(attempt.Picture(clip, i, i * 3600, isKey: false));
        }

        Assert.Equal(2, Assert.Single(await attempt.Close()).Duration.TotalSeconds, 0.1);
        await Mp4File.MustBeSound(attempt["camera.mp4"]);
    }

    [Fact]
    public async Task Lost_packets_are_counted_and_told()
    {
        using var attempt = new Attempt();
        attempt.Recorder.OnTracks([_clips.Small.Track]);
        attempt.Play(_clips.Small, 0, 25);
        attempt.Recorder.OnLoss(0, 3);
        attempt.Recorder.OnLoss(0, 4);
        await attempt.Close();

        Assert.Contains("7 packets", Assert.Single(attempt.State.Warnings).English, StringComparison.Ordinal);
        Assert.Equal(7, attempt.Counters.LostPackets);
    }

    [Fact]
    public void Video_that_no_file_can_hold_is_refused_at_once()
    {
        using var attempt = new Attempt();
        attempt.Recorder.OnTracks([new MediaTrack { Index = 0, Kind = MediaKind.Video, Codec = "vp8", ClockRate = 90000 }]);

        Assert.Equal(CaptureCause.UnsupportedCodec, attempt.Recorder.Failure?.Cause);
        Assert.False(attempt.Recorder.OnPacket(new MediaPacket { Track = 0, IsKey = true, Data = [1, 2, 3] }));
    }

    [Fact]
    public async Task Between_two_fragments_nothing_is_allocated()
    {
        using var attempt = new Attempt(seconds: 600);
        var clip = _clips.Small;
        attempt.Recorder.OnTracks([clip.Track]);
        attempt.Play(clip, 0, 20 * clip.Count);
        await attempt.Written();
        // Of five, as in Allocations: the runtime has reasons of its own.
        var allocated = long.MaxValue;
        for (var round = 20; round < 25 && allocated > 0; round++)
        {
            var first = round * clip.Count;
            attempt.Play(clip, first, 1);
            await attempt.Written();
            // The clock of the test is not free: it is left alone.
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 1; i < 20; i++) attempt.Picture(clip, i, (first + i) * 3600L);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            attempt.Play(clip, first + 20, clip.Count - 20);
            await attempt.Written();
        }

        await attempt.Close();

        Assert.Equal(0, allocated);
    }

    [Fact]
    public async Task A_source_that_was_left_behind_keeps_its_buffer_and_loses_what_lies_in_it()
    {
        using var attempt = new Attempt();
        attempt.Recorder.OnTracks([_clips.Small.Track]);
        attempt.Play(_clips.Small, 0, 60);
        await attempt.Written();
        var waiting = attempt.Pictures.End - attempt.Pictures.Start;
        await attempt.Recorder.Close(attempt.Time.GetTimestamp(), isLeftBehind: true).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(waiting, attempt.Pictures.End - attempt.Pictures.Start);
        Assert.False(attempt.Picture(_clips.Small, 60, 60 * 3600));
        await Mp4File.MustBeSound(attempt["camera.mp4"]);
        Assert.Single(attempt.State.Parts);
    }

    [Theory]
    // It ends with the stop, however long it takes until somebody has a turn to end it.
    [InlineData(0, 2.46)]
    // What was sent by then and is read later lasts as long as any picture.
    [InlineData(10, 2.80)]
    public async Task The_last_picture_of_a_recording_that_is_stopped_is_seen_until_the_stop(int readLater, double seconds)
    {
        using var attempt = new Attempt();
        attempt.Recorder.OnTracks([_clips.Small.Track]);
        attempt.Play(_clips.Small, 0, 60);
        attempt.Time.Advance(TimeSpan.FromMilliseconds(100));
        var stoppedAt = attempt.Time.GetTimestamp();
        attempt.Play(_clips.Small, 60, readLater);
        attempt.Time.Advance(TimeSpan.FromMilliseconds(300));
        attempt.Pictures.Dispose();
        await attempt.Recorder.Close(stoppedAt).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(seconds, await Mp4File.Duration(attempt["camera.mp4"]), 0.001);
    }

    /// <summary>Encoded once.</summary>
    public sealed class Clips : IAsyncLifetime
    {
        internal Clip Small { get; private set; } = null!;

        internal Clip Hevc { get; private set; } = null!;

        internal Clip LongGop { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Small = await Clip.Encode("320x240", seconds: 3);
            Hevc = await Clip.Encode("320x240", seconds: 2, "hevc", "-bf 0 -x265-params log-level=none");
            LongGop = await Clip.Encode("320x240", seconds: 7, options: "-bf 0 -g 1000 -keyint_min 1000");
        }

        public Task DisposeAsync() => Task.CompletedTask;
    }
}
