using Microsoft.Extensions.Logging.Abstractions;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;
using OrleansRecorder.Media.Sources;
using OrleansRecorder.Media.Tests.Support;
using OrleansRecorder.Media.Volumes;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Captures;

/// <summary>The supervisor, over scripted connections and a clock that the test moves.</summary>
public sealed class CaptureTests
{
    private readonly ManualTime _time = new();
    private readonly ScriptedSources _sources = new();

    [Theory]
    [InlineData(CaptureCause.Authentication, CaptureStatus.ConnectionError)]
    [InlineData(CaptureCause.BadUrl, CaptureStatus.ConnectionError)]
    [InlineData(CaptureCause.Negotiation, CaptureStatus.ConnectionError)]
    [InlineData(CaptureCause.UnsupportedCodec, CaptureStatus.RecordingError)]
    public async Task Hopeless_causes_are_tried_once(CaptureCause cause, CaptureStatus status)
    {
        _sources.Then(cause);
        var result = await RunWith(Order());

        Assert.Equal((cause, status, 1), (result.Cause, result.Status, result.Connections));
        Assert.Equal("why", result.Message.English);
    }

    [Fact]
    public async Task Attempts_follow_each_other_at_doubling_pauses_for_a_minute()
    {
        _sources.Then(CaptureCause.Refused);
        var start = _time.GetUtcNow();
        var result = await RunWith(Order());

        // 1 + 2 + 4 + 8 + 16 s; the next pause would end after the minute.
        Assert.Equal((CaptureCause.Refused, 6), (result.Cause, result.Connections));
        Assert.InRange((result.EndedAt - start).TotalSeconds, 30, 33);
    }

    [Fact]
    public async Task Nonsense_is_tried_three_times()
    {
        _sources.Then(CaptureCause.Protocol);
        Assert.Equal(3, (await RunWith(Order())).Connections);
    }

    [Fact]
    public async Task A_description_without_anything_to_record_is_tried_three_times_and_a_silent_stream_for_a_minute()
    {
        _sources.Then((_, _) => Task.FromResult(new SourceEnd(CaptureCause.NoMedia, new LocalizedText("原因", "why")) { NeedsFewTries = true }));
        Assert.Equal(3, (await RunWith(Order())).Connections);

        _sources.Then(CaptureCause.NoMedia);
        Assert.Equal(6, (await RunWith(Order())).Connections);
    }

    [Fact]
    public async Task The_last_attempt_gives_the_cause()
    {
        _sources.Then(CaptureCause.Refused).Then(CaptureCause.ConnectTimeout).Then(CaptureCause.Authentication);
        Assert.Equal(CaptureCause.Authentication, (await RunWith(Order())).Cause);
    }

    [Fact]
    public async Task The_end_of_the_cycle_before_media_cancels_unless_something_else_had_failed()
    {
        _sources.Then(Forever);
        var silent = await RunWith(Order() with { Deadline = _time.GetUtcNow().AddSeconds(10) });
        Assert.Equal((CaptureCause.CycleEnded, CaptureStatus.Cancelled), (silent.Cause, silent.Status));

        _sources.Then(CaptureCause.Refused).Then(Forever);
        var refused = await RunWith(Order() with { Deadline = _time.GetUtcNow().AddSeconds(10) });
        Assert.Equal((CaptureCause.Refused, CaptureStatus.ConnectionError), (refused.Cause, refused.Status));
    }

    [Theory]
    [InlineData(CaptureCause.Stopped, CaptureStatus.Cancelled)]
    [InlineData(CaptureCause.Interrupted, CaptureStatus.RecordingError)]
    public async Task The_first_stop_decides(CaptureCause cause, CaptureStatus status)
    {
        _sources.Then(Forever);
        await using var engine = Engine();
        using var folder = new TemporaryFolder();
        var capture = engine.Start(Order(), new FolderTarget(folder.Path));
        capture.Stop(cause);
        capture.Stop(CaptureCause.CycleEnded);
        var result = await capture.Completion.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal((cause, status), (result.Cause, result.Status));
        Assert.Equal(status, capture.Progress.Status);
    }

    [Fact]
    public async Task A_source_that_ignores_a_stop_is_left_behind()
    {
        _sources.Then((_, _) => new TaskCompletionSource<SourceEnd>().Task);
        await using var engine = Engine();
        using var folder = new TemporaryFolder();
        var capture = engine.Start(Order(), new FolderTarget(folder.Path));
        capture.Stop(CaptureCause.Stopped);
        await Advance(capture, TimeSpan.FromSeconds(0.5));

        Assert.Equal(CaptureStatus.Cancelled, (await capture.Completion).Status);
    }

    [Fact]
    public async Task A_source_that_throws_ends_its_own_capture_only()
    {
        _sources.Then((_, _) => throw new InvalidOperationException("defect")).Then(CaptureCause.Authentication);
        Assert.Equal((CaptureCause.Internal, CaptureStatus.RecordingError), await RunWith(Order()) is var broken ? (broken.Cause, broken.Status) : default);
        Assert.Equal(CaptureCause.Authentication, (await RunWith(Order())).Cause);
    }

    [Fact]
    public async Task An_address_that_is_none_ends_at_once_without_being_repeated()
    {
        var result = await RunWith(Order() with { RtspUrl = "rtsp://admin:secret@host:99999/x" });

        Assert.Equal((CaptureCause.BadUrl, 0), (result.Cause, _sources.Connections));
        Assert.DoesNotContain("secret", result.Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outage_leaves_the_remaining_time_to_the_next_part()
    {
        var clip = await Clip.Encode("320x240", seconds: 3);
        _sources.Then((sink, _) => Play(sink, clip, 50, CaptureCause.Disconnected)).Then((sink, _) => Play(sink, clip, 75, CaptureCause.Disconnected));
        using var folder = new TemporaryFolder();
        var target = new FolderTarget(folder.Path);
        var result = await RunWith(Order() with { Duration = TimeSpan.FromSeconds(4), FirstPart = 3 }, target);

        Assert.Equal((CaptureStatus.Completed, 2), (result.Status, result.Connections));
        Assert.Equal(["camera.part3.mp4", "camera.part4.mp4"], result.Parts.Select(part => part.Filename));
        Assert.Equal(4, result.Parts.Sum(part => part.Duration.TotalSeconds), 0.15);
        foreach (var part in result.Parts) await Mp4File.MustBeSound(folder[part.Filename]);
    }

    [Fact]
    public async Task Another_part_is_announced_and_waits_until_it_may_begin()
    {
        var clip = await Clip.Encode("320x240", seconds: 3);
        _sources.Then((sink, _) => Play(sink, clip, 50, CaptureCause.Disconnected)).Then((sink, _) => Play(sink, clip, 75, CaptureCause.Disconnected));
        using var folder = new TemporaryFolder();
        await using var engine = Engine();
        var gate = new GatedTarget(new FolderTarget(folder.Path));
        var capture = engine.Start(Order() with { Duration = TimeSpan.FromSeconds(4) }, gate);

        await gate.Asked.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(2, capture.Progress.PartsBegun);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(1, _sources.Connections);
        gate.Open();
        await Advance(capture, TimeSpan.FromSeconds(0.25));
        Assert.Equal(["camera.mp4", "camera.part2.mp4"], (await capture.Completion).Parts.Select(part => part.Filename));
        Assert.Equal(2, capture.Progress.PartsBegun);
    }

    [Fact]
    public async Task A_capture_that_may_not_connect_any_more_after_a_pause_ends_as_interrupted()
    {
        var clip = await Clip.Encode("320x240", seconds: 2);
        _sources.Then((sink, _) => Play(sink, clip, 50, CaptureCause.Disconnected)).Then((sink, _) => Play(sink, clip, 75, CaptureCause.Disconnected));
        using var folder = new TemporaryFolder();
        await using var engine = Engine();
        var gate = new GatedTarget(new FolderTarget(folder.Path));
        gate.Open();
        var capture = engine.Start(Order() with { Duration = TimeSpan.FromSeconds(4) }, gate);

        await gate.Asked.WaitAsync(TimeSpan.FromSeconds(60));
        gate.MayConnect = false;
        await Advance(capture, TimeSpan.FromSeconds(0.25));

        var result = await capture.Completion;
        Assert.Equal(CaptureCause.Interrupted, result.Cause);
        Assert.Equal(["camera.mp4"], result.Parts.Select(part => part.Filename));
        Assert.Equal(1, _sources.Connections);
    }

    [Fact]
    public async Task A_break_after_ninety_eight_percent_is_no_failure()
    {
        var clip = await Clip.Encode("320x240", seconds: 2);
        _sources.Then((sink, _) => Play(sink, clip, 50, CaptureCause.Disconnected));
        Assert.Equal(CaptureStatus.Completed, (await RunWith(Order() with { Duration = TimeSpan.FromSeconds(2) })).Status);
    }

    [Fact]
    public async Task A_new_resolution_begins_a_new_part()
    {
        var small = await Clip.Encode("320x240", seconds: 2);
        var large = await Clip.Encode("640x480", seconds: 2);
        _sources.Then((sink, _) =>
        {
            sink.OnTracks([small.Track]);
            for (var i = 0; i < small.Count; i++) Assert.True(Deliver(sink, small, i, i));
            for (var i = 0; i < large.Count; i++) Assert.True(Deliver(sink, large, i, small.Count + i));
            return ScriptedSources.Ends(CaptureCause.Authentication);
        });
        using var folder = new TemporaryFolder();
        var result = await RunWith(Order(), new FolderTarget(folder.Path));

        Assert.Equal(["camera.mp4", "camera.part2.mp4"], result.Parts.Select(part => part.Filename));
        foreach (var part in result.Parts) await Mp4File.MustBeSound(folder[part.Filename]);
        Assert.Equal((small.Count, large.Count), ((await Mp4File.Packets(folder["camera.mp4"])).Count, (await Mp4File.Packets(folder["camera.part2.mp4"])).Count));
        Assert.Equal((640, 480), (result.Progress.Width, result.Progress.Height));
    }

    [Theory]
    [InlineData("h264", "-bf 3 -b_strategy 0")]
    [InlineData("hevc", "-bf 3 -x265-params log-level=none")]
    public async Task Reordered_pictures_are_shown_in_their_order(string codec, string options)
    {
        var clip = await Clip.Encode("320x240", seconds: 2, codec, options);
        var order = await ShownOrder(codec, options);
        _sources.Then((sink, _) =>
        {
            sink.OnTracks([clip.Track]);
            for (var i = 0; i < clip.Count; i++) Assert.True(Deliver(sink, clip, i, order[i]));
            return ScriptedSources.Ends(CaptureCause.Authentication);
        });
        using var folder = new TemporaryFolder();
        await RunWith(Order(), new FolderTarget(folder.Path));

        await Mp4File.MustBeSound(folder["camera.mp4"]);
        var packets = await Mp4File.Packets(folder["camera.mp4"]);
        Assert.Equal(order.Take(clip.Count).Select(n => Math.Round(n * 0.04, 3)), packets.Select(packet => Math.Round(packet.Pts, 3)));
        Assert.All(packets, packet => Assert.True(packet.Pts >= packet.Dts));
    }

    [Theory]
    [InlineData("h264", "-bf 0")]
    [InlineData("hevc", "-bf 0 -x265-params log-level=none")]
    public async Task A_gap_before_the_end_is_as_long_in_the_file(string codec, string options)
    {
        var clip = await Clip.Encode("320x240", seconds: 3, codec, options);
        _sources.Then((sink, _) =>
        {
            sink.OnTracks([clip.Track]);
            for (var i = 0; i < 50; i++) Assert.True(Deliver(sink, clip, i, i));
            _time.Advance(TimeSpan.FromSeconds(2));
            Assert.False(Deliver(sink, clip, 50, 101));
            return ScriptedSources.Ends(CaptureCause.DurationReached);
        });
        using var folder = new TemporaryFolder();
        var result = await RunWith(Order() with { Duration = TimeSpan.FromSeconds(4) }, new FolderTarget(folder.Path));

        Assert.Equal(CaptureStatus.Completed, result.Status);
        await Mp4File.MustBeSound(folder["camera.mp4"]);
        Assert.Equal(4, await Mp4File.Duration(folder["camera.mp4"]), 0.15);
        Assert.Equal(4, result.Parts[0].Duration.TotalSeconds, 0.15);
    }

    [Fact]
    public async Task Key_frames_without_parameter_sets_are_no_beginning()
    {
        var clip = await Clip.Encode("320x240", seconds: 4);
        _sources.Then((sink, _) =>
        {
            sink.OnTracks([clip.Track]);
            for (var i = 0; i < clip.Count; i++)
            {
                _time.Advance(TimeSpan.FromMilliseconds(40));
                var idr = new byte[] { 0, 0, 1, 0x65, 0x88, 0x80 };
                if (!sink.OnPacket(new MediaPacket { Track = 0, Pts = i * 3600L, IsKey = true, Data = idr })) return ScriptedSources.Ends(CaptureCause.DurationReached);
            }

            return ScriptedSources.Ends(CaptureCause.Disconnected);
        });
        using var folder = new TemporaryFolder();
        var result = await RunWith(Order() with { KeyFrameTimeout = TimeSpan.FromSeconds(2), Deadline = _time.GetUtcNow().AddSeconds(3) }, new FolderTarget(folder.Path));

        Assert.Equal((CaptureCause.NoKeyFrame, CaptureStatus.Unavailable), (result.Cause, result.Status));
        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }

    [Fact]
    public async Task A_file_whose_name_was_taken_meanwhile_is_told_under_the_name_that_it_got()
    {
        var clip = await Clip.Encode("320x240", seconds: 2);
        using var folder = new TemporaryFolder();
        _sources.Then((sink, _) =>
        {
            var end = Play(sink, clip, 50, CaptureCause.Authentication);
            File.WriteAllText(folder["camera.mp4"], "another");
            return end;
        });
        var result = await RunWith(Order(), new FolderTarget(folder.Path));

        Assert.Equal("camera.other.mp4", Assert.Single(result.Parts).Filename);
        Assert.Equal("another", await File.ReadAllTextAsync(folder["camera.mp4"]));
    }

    [Fact]
    public async Task What_was_recorded_before_a_write_failed_is_kept_without_opening_the_file_again()
    {
        var clip = await Clip.Encode("320x240", seconds: 4);
        using var folder = new TemporaryFolder();
        _sources.Then((sink, _) => Play(sink, clip, 75, CaptureCause.Disconnected));
        var room = Enumerable.Range(0, 60).Sum(i => clip.Packet(i, 0).Data.Length);
        var result = await RunWith(Order(), new LockedFile(folder), (file, pieces, offset) =>
        {
            if (offset + pieces.Sum(piece => piece.Length) > room) throw new IOException("the disk has gone");
            RandomAccess.Write(file, pieces, offset);
        });

        var part = Assert.Single(result.Parts);
        Assert.Equal((CaptureCause.WriteFailed, part.Size), (result.Cause, new FileInfo(folder[part.Filename]).Length));
        Assert.True(part.Duration > TimeSpan.Zero);
        await Mp4File.MustBeSound(folder[part.Filename]);
    }

    [Fact]
    public async Task A_full_disk_is_told_as_such()
    {
        var clip = await Clip.Encode("320x240", seconds: 2);
        _sources.Then((sink, _) => Play(sink, clip, 50, CaptureCause.Disconnected));
        var result = await RunWith(Order(), new FullDisk());

        Assert.Equal((CaptureCause.DiskFull, CaptureStatus.RecordingError, 1), (result.Cause, result.Status, result.Connections));
        Assert.Empty(result.Parts);
    }

    [Fact]
    public async Task A_folder_that_takes_no_file_is_told_as_such()
    {
        var clip = await Clip.Encode("320x240", seconds: 2);
        _sources.Then((sink, _) => Play(sink, clip, 50, CaptureCause.Disconnected));
        var result = await RunWith(Order(), new FolderTarget("/proc/nowhere"));

        Assert.Equal((CaptureCause.WriteFailed, CaptureStatus.RecordingError), (result.Cause, result.Status));
    }

    private static async Task<SourceEnd> Forever(IMediaSink sink, CancellationToken stop)
    {
        await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);
        return new SourceEnd(CaptureCause.Stopped, LocalizedText.Empty);
    }

    private Task<SourceEnd> Play(IMediaSink sink, Clip clip, int count, CaptureCause end)
    {
        sink.OnTracks([clip.Track]);
        for (var i = 0; i < count; i++)
        {
            if (!Deliver(sink, clip, i, i)) return ScriptedSources.Ends(CaptureCause.DurationReached);
        }

        return ScriptedSources.Ends(end);
    }

    private bool Deliver(IMediaSink sink, Clip clip, int picture, int time)
    {
        _time.Advance(TimeSpan.FromMilliseconds(40));
        return sink.OnPacket(clip.Packet(picture, time * 3600L));
    }

    private static async Task<int[]> ShownOrder(string codec, string options)
    {
        using var folder = new TemporaryFolder();
        await Shell.Run("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=2", "-pix_fmt", "yuv420p", "-preset", "ultrafast", "-g", "25",
            "-c:v", codec == "hevc" ? "libx265" : "libx264", .. options.Split(' '), folder["clip.mp4"]]);
        return [.. (await Mp4File.Packets(folder["clip.mp4"])).Select(packet => (int)Math.Round(packet.Pts * 25))];
    }

    private CaptureEngine Engine(GatheringWrite? write = null) =>
        new(_time, () => 0.5, NullLogger<CaptureEngine>.Instance, _sources.Create, memoryLimit: null, write);

    private CaptureOrder Order() => Orders.For("rtsp://camera.test/1", seconds: 60, _time.GetUtcNow());

    private async Task<CaptureResult> RunWith(CaptureOrder order, IRecordingTarget? target = null, GatheringWrite? write = null)
    {
        await using var engine = Engine(write);
        using var folder = new TemporaryFolder();
        var capture = engine.Start(order, target ?? new FolderTarget(folder.Path));
        await Advance(capture, TimeSpan.FromSeconds(0.25));
        return await capture.Completion;
    }

    private async Task Advance(ICapture capture, TimeSpan step)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!capture.Completion.IsCompleted)
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.WhenAny(capture.Completion, Task.Delay(10));
            _time.Advance(step);
        }
    }

    private sealed class FullDisk : IRecordingTarget
    {
        public IRecordingFile CreatePart(int part) => new File();

        private sealed class File : IRecordingFile
        {
            public string Filename => "full.mp4";

            public FileStream Stream { get; } = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

            public void Complete(RecordedPart part) => throw new InvalidOperationException("nothing was written");

            public void Discard() => Stream.Dispose();

            public void Dispose() => Stream.Dispose();
        }
    }

    /// <summary>A file that nobody else can open.</summary>
    private sealed class LockedFile(TemporaryFolder folder) : IRecordingTarget
    {
        public IRecordingFile CreatePart(int part) => new File(folder["camera.mp4"]);

        private sealed class File(string path) : IRecordingFile
        {
            public string Filename => "camera.mp4";

            public FileStream Stream { get; } = new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);

            public void Complete(RecordedPart part) => Stream.Dispose();

            public void Discard() => throw new InvalidOperationException("something was recorded");

            public void Dispose() => Stream.Dispose();
        }
    }
}
