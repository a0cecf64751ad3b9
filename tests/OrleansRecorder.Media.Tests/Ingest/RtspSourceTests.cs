using System.Collections.Concurrent;
using System.Diagnostics;
using OrleansRecorder.Cameras;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;
using OrleansRecorder.Media.Ingest;
using OrleansRecorder.Media.Sources;
using OrleansRecorder.Media.Tests.Support;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Ingest;

/// <summary>Whole recordings by our own client from simulated cameras.</summary>
public sealed class RtspSourceTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly CameraServer _server = CameraServer.Start();
    private readonly ConcurrentQueue<CameraSessionEvent> _ends = new();
    private int _number;

    public RtspSourceTests() => _server.SessionChanged += change =>
    {
        if (change.Ended is not null) _ends.Enqueue(change);
    };

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Sixty_streams_on_one_thread_lose_no_frame()
    {
        var cameras = Enumerable.Range(0, 60).Select(_ => Camera()).ToList();
        await _server.PrepareAsync();
        await using var ingest = new OwnIngest();
        var captures = cameras.Select(camera => ingest.Start(Orders.For(camera.Url, seconds: 4), $"{camera.Number}")).ToList();
        var results = await Task.WhenAll(captures.Select(capture => capture.Completion)).WaitAsync(Patience);

        Assert.All(results, result => Assert.Equal((CaptureStatus.Completed, 1, 1), (result.Status, result.Connections, result.Parts.Length)));
        Assert.Equal((1, 0, 0L), (ingest.Threads.Count, ingest.Threads.Sessions, ingest.Pool.InUse));
        await Parallel.ForEachAsync(cameras, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (camera, _) => await ingest.HasEveryFrame($"{camera.Number}", camera, atLeast: 98));
    }

    [Fact]
    public async Task A_camera_that_refuses_TCP_is_recorded_over_UDP_with_every_frame()
    {
        var camera = Camera(new CameraQuirks { Transport = new TransportQuirks { RefusesTcp = true } });
        await using var ingest = new OwnIngest();
        var result = await ingest.Start(Orders.For(camera.Url)).Completion.WaitAsync(Patience);

        Assert.True(result.Status == CaptureStatus.Completed, result.Message.English);
        await ingest.HasEveryFrame("camera", camera, atLeast: 98);
        await Mp4File.MustBeSound(Path.Combine(ingest.Folder, "camera.mp4"));
    }

    [Fact]
    public async Task A_camera_behind_TLS_is_recorded_when_its_certificate_is_accepted_and_refused_clearly_otherwise()
    {
        await using var door = TlsDoor.Open(_server);
        var camera = Camera();
        await using var ingest = new OwnIngest();
        var accepted = ingest.Start(Orders.For(door.Url(camera)) with { AcceptsAnyCertificate = true }, "accepted");
        var refused = ingest.Start(Orders.For(door.Url(camera)), "refused");

        var refusal = await refused.Completion.WaitAsync(Patience);
        Assert.Equal((CaptureCause.Tls, CaptureStatus.ConnectionError), (refusal.Cause, refusal.Status));
        Assert.Equal(CaptureStatus.Completed, (await accepted.Completion.WaitAsync(Patience)).Status);
        await ingest.HasEveryFrame("accepted", camera, atLeast: 98);
    }

    [Fact]
    public async Task A_stop_ends_a_source_within_two_seconds_in_every_phase_and_the_camera_hears_of_it()
    {
        await Task.WhenAll(
            StopsQuickly(Camera(fault: new CameraFault(CameraFaultKind.Silent)), capture => capture.Progress.Status == CaptureStatus.Connecting),
            StopsQuickly(Camera(fault: new CameraFault(CameraFaultKind.NoKeyFrame)), capture => capture.Progress.Status == CaptureStatus.Connected),
            StopsQuickly(Camera(), capture => capture.Progress.Status == CaptureStatus.Recording),
            StopsQuickly(Camera(fault: new CameraFault(CameraFaultKind.Stall, 3)), capture => capture.Progress.Recorded > TimeSpan.FromSeconds(0.9)),
            StopsQuickly(Camera(new CameraQuirks { Transport = new TransportQuirks { RefusesTcp = true } }), capture => capture.Progress.Status == CaptureStatus.Recording));
    }

    [Fact]
    public async Task What_a_camera_has_sent_by_the_stop_is_recorded_though_it_waited_to_be_read()
    {
        var wire = new WireLog();
        await using var server = CameraServer.Start(new CameraServerOptions { Wire = wire });
        var camera = server.Add(new CameraOptions { Number = 1 });
        await using var ingest = new OwnIngest();
        var capture = ingest.Start(Orders.For(camera.Url, seconds: 60));

        // By then it is read every fourth tick only.
        await Recorder.Until(capture, progress => progress.Recorded > TimeSpan.FromSeconds(7));
        var (recorded, read, sent) = (TimeSpan.Zero, 0, 0);
        await Recorder.Until(capture, progress =>
        {
            sent = wire.Frames.Count;
            if (progress.Recorded != recorded) (recorded, read) = (progress.Recorded, sent);
            return sent >= read + 2;
        });
        capture.Stop(CaptureCause.Stopped);
        await capture.Completion.WaitAsync(Patience);

        // The last of them may have been noted but not sent yet.
        var counters = await ingest.Counters("camera", camera.Number);
        Assert.Equal(wire.Frames[0].Index, counters[0]);
        Assert.InRange(counters.Count, sent - 1, int.MaxValue);
    }

    [Fact]
    public async Task The_captures_of_a_thread_that_dies_go_on_over_another()
    {
        var time = new BreakableTime();
        var cameras = Enumerable.Range(0, 5).Select(_ => Camera()).ToList();
        await using var ingest = new OwnIngest(time: time);
        var captures = cameras.Select(camera => ingest.Start(Orders.For(camera.Url), $"{camera.Number}")).ToList();
        await Task.WhenAll(captures.Select(capture => Recorder.Until(capture, progress => progress.Recorded > TimeSpan.FromSeconds(1))));

        time.BreakOnce();
        var results = await Task.WhenAll(captures.Select(capture => capture.Completion)).WaitAsync(Patience);
        Assert.All(results, result => Assert.Equal((CaptureStatus.Completed, 2, 2), (result.Status, result.Connections, result.Parts.Length)));
        Assert.Equal((1, 0L), (ingest.Threads.Count, ingest.Pool.InUse));
        foreach (var camera in cameras) await ingest.HasEveryFrame($"{camera.Number}", camera, atLeast: 20);
    }

    [Fact]
    public async Task A_camera_whose_session_is_aborted_hears_of_it()
    {
        var ended = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.SessionChanged += change =>
        {
            if (change.Ended is not null) ended.TrySetResult(change.Ended);
        };
        await using var ingest = new OwnIngest();
        var capture = ingest.Start(Orders.For(Camera().Url, seconds: 60));
        await Recorder.Until(capture, progress => progress.Status == CaptureStatus.Recording);

        ingest.Threads.Dispose();
        Assert.Equal("TEARDOWN", await ended.Task.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_camera_that_floods_its_connection_holds_nobody_up()
    {
        using var flood = new FloodingCamera();
        var camera = Camera();
        await using var ingest = new OwnIngest();
        var flooded = ingest.Start(Orders.For(flood.Url, seconds: 60), "flooded");
        await flood.Flooding.WaitAsync(Patience);
        var result = await ingest.Start(Orders.For(camera.Url)).Completion.WaitAsync(Patience);

        Assert.Equal(CaptureStatus.Completed, result.Status);
        await ingest.HasEveryFrame("camera", camera, atLeast: 98);
        Assert.InRange(result.Progress.FirstFrameMs!.Value, 0, 4000);
        Assert.False(flooded.Completion.IsCompleted);
        Assert.InRange(flood.Sent, 2 << 20, long.MaxValue);
    }

    [Fact]
    public async Task A_camera_whose_sound_cannot_be_recorded_is_recorded_without_and_the_result_says_so()
    {
        var description = new DescriptionQuirks { ExtraMedia = ["m=audio 0 RTP/AVP 18", "a=control:track2"] };
        var camera = Camera(new CameraQuirks { Description = description }, audio: AudioCodec.None);
        await using var ingest = new OwnIngest();
        var result = await ingest.Start(Orders.For(camera.Url)).Completion.WaitAsync(Patience);

        Assert.Equal(CaptureStatus.Completed, result.Status);
        Assert.Contains("sound is G729", Assert.Single(result.Warnings).English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_camera_that_changes_its_format_has_to_be_connected_again()
    {
        using var camera = new FloodingCamera(payloadType: 98);
        await using var ingest = new OwnIngest();
        StreamUrl.TryParse(camera.Url, out var url);
        var end = await new RtspSource(new SourceRequest(url, Patience, Patience, Patience), ingest.Services).Run(new Sink(), CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(CaptureCause.Disconnected, end.Cause);
        Assert.Contains("another codec", end.Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_hundred_cycles_of_connecting_recording_and_stopping_leave_nothing_behind()
    {
        var cameras = Enumerable.Range(0, 20).Select(_ => Camera(keyFrameInterval: 5)).ToList();
        await _server.PrepareAsync();
        await using var ingest = new OwnIngest();
        await Parallel.ForEachAsync(cameras, new ParallelOptions { MaxDegreeOfParallelism = cameras.Count }, async (camera, _) =>
        {
            for (var i = 0; i < 10; i++)
            {
                var capture = ingest.Start(Orders.For(camera.Url, seconds: 60), $"{camera.Number}-{i}");
                await Recorder.Until(capture, progress => progress.Status == CaptureStatus.Recording);
                capture.Stop(CaptureCause.Stopped);
                Assert.Single((await capture.Completion.WaitAsync(Patience)).Parts);
            }
        });

        Assert.Equal((1, 0, 0L), (ingest.Threads.Count, ingest.Threads.Sessions, ingest.Pool.InUse));
        Assert.Equal(200, _ends.Count(end => end.Ended == "TEARDOWN"));
        Assert.Equal(0, Connections());
    }

    private async Task StopsQuickly(Camera camera, Func<ICapture, bool> isThere)
    {
        await using var ingest = new OwnIngest();
        var capture = ingest.Start(Orders.For(camera.Url, seconds: 60));
        await Recorder.Until(capture, _ => isThere(capture));
        var clock = Stopwatch.StartNew();
        capture.Stop(CaptureCause.Stopped);
        var result = await capture.Completion.WaitAsync(Patience);

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 2);
        Assert.Equal(CaptureCause.Stopped, result.Cause);
        if (camera.Fault.Kind == CameraFaultKind.Silent) return;
        Assert.Contains(_ends, end => end.Camera == camera.Number && end.Ended == "TEARDOWN");
    }

    // Ours to the cameras' port, of this process, which has no others to it.
    private int Connections() => File.ReadLines("/proc/net/tcp").Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Count(fields => fields[2].EndsWith($":{_server.Port:X4}", StringComparison.Ordinal) && fields[3] is "01" or "08");

    private Camera Camera(CameraQuirks? quirks = null, CameraFault? fault = null, int? keyFrameInterval = null, AudioCodec audio = AudioCodec.Aac) => _server.Add(new CameraOptions
    {
        Number = Interlocked.Increment(ref _number),
        Quirks = quirks ?? CameraQuirks.None,
        Fault = fault ?? CameraFault.None,
        KeyFrameInterval = keyFrameInterval,
        Audio = audio,
    });

    /// <summary>Wants all, keeps nothing.</summary>
    private sealed class Sink : IMediaSink
    {
        public void OnTracks(IReadOnlyList<MediaTrack> tracks)
        {
        }

        public void OnSoundLeftOut(LeftOutSound sound)
        {
        }

        public bool OnPacket(in MediaPacket packet) => true;

        public bool OnPicture(in AssembledPicture picture)
        {
            picture.Buffer.Truncate(picture.Start);
            return true;
        }

        public void OnLoss(int track, int packets)
        {
        }

        public void OnDamagedSet(int track)
        {
        }
    }

    /// <summary>A clock that throws once at a thread that asks it.</summary>
    private sealed class BreakableTime : TimeProvider
    {
        private int _breaks;

        public void BreakOnce() => _breaks = 1;

        public override long GetTimestamp() => Interlocked.Exchange(ref _breaks, 0) == 1 ? throw new InvalidOperationException("the clock is broken") : base.GetTimestamp();
    }
}
