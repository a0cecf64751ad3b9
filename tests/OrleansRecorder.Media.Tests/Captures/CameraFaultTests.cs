using System.Diagnostics;
using OrleansRecorder.Cameras;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Tests.Support;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Captures;

/// <summary>What a capture makes of cameras that misbehave.</summary>
public sealed class CameraFaultTests : IAsyncLifetime
{
    private readonly CameraServer _server = CameraServer.Start();
    private int _number;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(CameraFaultKind.NotFound, CaptureCause.NotFound, CaptureStatus.Unavailable, "404")]
    [InlineData(CameraFaultKind.Unavailable, CaptureCause.Busy, CaptureStatus.Unavailable, "503")]
    [InlineData(CameraFaultKind.Unauthorized, CaptureCause.Authentication, CaptureStatus.ConnectionError, "user name")]
    [InlineData(CameraFaultKind.Silent, CaptureCause.ConnectTimeout, CaptureStatus.TimedOut, "no answer within 2 s")]
    [InlineData(CameraFaultKind.NoKeyFrame, CaptureCause.NoKeyFrame, CaptureStatus.Unavailable, "no key frame came within 2 s")]
    public async Task A_fault_before_media_has_a_cause_of_its_own_and_leaves_no_file(CameraFaultKind fault, CaptureCause cause, CaptureStatus status, string says)
    {
        var camera = Camera(new CameraFault(fault));
        await using var recorder = new Recorder();
        var result = await recorder.Record(Impatient(camera.Url, seconds: 5, deadline: 4));

        Assert.Equal((cause, status), (result.Cause, result.Status));
        Assert.Contains(says, result.Message.English, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{_server.Port}", result.Message.Chinese, StringComparison.Ordinal);
        Assert.Empty(recorder.Files);
    }

    [Fact]
    public async Task A_wrong_password_is_tried_once()
    {
        var camera = Camera(user: "admin", password: "right");
        await using var recorder = new Recorder();
        var result = await recorder.Record(Impatient(camera.Url.Replace("right", "wrong", StringComparison.Ordinal), seconds: 5, deadline: 20));

        Assert.Equal((CaptureCause.Authentication, 1), (result.Cause, result.Connections));
        Assert.DoesNotContain("wrong", result.Message.English + result.Message.Chinese, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_of_any_characters_opens_the_camera()
    {
        var camera = Camera(user: "admin", password: "p@ss/w:rd#1?%通道");
        await using var recorder = new Recorder();
        var result = await recorder.Record(Impatient(camera.Url, seconds: 1, deadline: 20));

        Assert.True(result.Status == CaptureStatus.Completed, result.Message.English);
    }

    [Fact]
    public async Task A_closed_port_is_refused_and_an_unknown_name_is_not_found()
    {
        var port = Ports.Free();
        await using var recorder = new Recorder();
        var refused = await recorder.Record(Impatient($"rtsp://127.0.0.1:{port}/x", seconds: 5, deadline: 3));
        var unknown = await recorder.Record(Impatient("rtsp://no-such-camera.invalid/x", seconds: 5, deadline: 3));

        Assert.Equal((CaptureCause.Refused, CaptureStatus.ConnectionError), (refused.Cause, refused.Status));
        Assert.True(refused.Connections >= 2, "a refused connection is tried again");
        Assert.Contains($"127.0.0.1:{port}", refused.Message.English, StringComparison.Ordinal);
        Assert.Equal((CaptureCause.NameNotFound, CaptureStatus.ConnectionError), (unknown.Cause, unknown.Status));
    }

    [Fact]
    public async Task A_camera_that_stalls_keeps_what_came_and_times_out()
    {
        var camera = Camera(new CameraFault(CameraFaultKind.Stall, 3));
        await using var recorder = new Recorder();
        var result = await recorder.Record(Impatient(camera.Url, seconds: 60, deadline: 6));

        Assert.Equal((CaptureCause.Stalled, CaptureStatus.TimedOut), (result.Cause, result.Status));
        await Mp4File.MustBeSound(recorder.Files[0]);
        Assert.InRange(await Mp4File.Duration(recorder.Files[0]), 1.5, 3.3);
    }

    [Fact]
    public async Task After_a_reset_the_rest_is_recorded_into_a_second_part()
    {
        var camera = Camera(new CameraFault(CameraFaultKind.Reset, 3));
        await using var recorder = new Recorder();
        var capture = recorder.Start(Impatient(camera.Url, seconds: 6, deadline: 60));
        await Recorder.Until(capture, progress => progress.Recorded > TimeSpan.FromSeconds(1));
        await Until(() => recorder.Target.Completed.Count == 1);
        camera.Fault = CameraFault.None;
        var result = await capture.Completion.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal((CaptureStatus.Completed, 2), (result.Status, result.Parts.Length));
        Assert.Equal(6, result.Progress.Recorded.TotalSeconds, 0.3);
        Assert.Equal(["camera.mp4", "camera.part2.mp4"], recorder.Files.Select(Path.GetFileName));
        foreach (var file in recorder.Files) await Mp4File.MustBeSound(file);
    }

    [Fact]
    public async Task Announced_sound_that_never_comes_does_not_hold_up_the_picture()
    {
        var camera = Camera(new CameraFault(CameraFaultKind.SilentAudio));
        await using var recorder = new Recorder();
        var result = await recorder.Record(Impatient(camera.Url, seconds: 3, deadline: 30));

        Assert.Equal(CaptureStatus.Completed, result.Status);
        Assert.Single(result.Warnings);
        var file = Assert.Single(recorder.Files);
        await Mp4File.MustBeSound(file);
        Assert.Empty(await Mp4File.Packets(file, "a"));
        Assert.InRange(await Mp4File.Duration(file), 2.7, 3.3);
    }

    [Fact]
    public async Task Lost_packets_cost_pictures_but_no_damage()
    {
        var camera = Camera(new CameraFault(CameraFaultKind.Loss, 2));
        await using var recorder = new Recorder();
        var result = await recorder.Record(Impatient(camera.Url, seconds: 6, deadline: 40));

        Assert.True(result.Status == CaptureStatus.Completed, result.Message.English);
        await Mp4File.MustBeSound(recorder.Files[0]);
    }

    [Fact]
    public async Task A_stop_ends_a_capture_in_every_state_within_three_seconds()
    {
        await Task.WhenAll(
            StopsQuickly(Camera(new CameraFault(CameraFaultKind.Silent)).Url, CaptureStatus.Connecting),
            StopsQuickly($"rtsp://127.0.0.1:{Ports.Free()}/back-off", CaptureStatus.Connecting),
            StopsQuickly(Camera(new CameraFault(CameraFaultKind.NoKeyFrame)).Url, CaptureStatus.Connected),
            StopsQuickly(Camera(new CameraFault(CameraFaultKind.Stall, 3)).Url, CaptureStatus.Recording),
            StopsQuickly(Camera().Url, CaptureStatus.Recording));
    }

    [Fact]
    public async Task The_end_of_the_cycle_completes_a_capture_that_has_media()
    {
        await using var recorder = new Recorder();
        var result = await recorder.Record(Impatient(Camera().Url, seconds: 60, deadline: 5));

        Assert.Equal((CaptureCause.CycleEnded, CaptureStatus.Completed), (result.Cause, result.Status));
        await Mp4File.MustBeSound(Assert.Single(recorder.Files));
    }

    [Fact]
    public async Task Dead_cameras_do_not_delay_healthy_ones()
    {
        var urls = Enumerable.Range(0, 20).Select(i => Camera(i % 3 == 0 ? new CameraFault(CameraFaultKind.Silent) : null).Url).ToList();
        await _server.PrepareAsync();
        await using var recorder = new Recorder();
        var captures = urls.Select((url, i) => recorder.Engine.Start(
            Impatient(url, seconds: 60, deadline: 120), new FolderTarget(recorder.Folder, $"{i}.mp4"))).ToList();
        var healthy = captures.Where((_, i) => i % 3 != 0).ToList();
        await Task.WhenAll(healthy.Select(capture => Recorder.Until(capture, progress => progress.Status == CaptureStatus.Recording, seconds: 15)));
    }

    private static async Task StopsQuickly(string url, CaptureStatus when)
    {
        await using var recorder = new Recorder();
        var capture = recorder.Start(Impatient(url, seconds: 60, deadline: 60) with { ConnectionTimeout = TimeSpan.FromSeconds(30), ReadTimeout = TimeSpan.FromSeconds(30) });
        await Recorder.Until(capture, progress => progress.Status == when);
        await Task.Delay(500);
        var clock = Stopwatch.StartNew();
        capture.Stop(CaptureCause.Stopped);
        var result = await capture.Completion.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 3);
        Assert.Equal((CaptureCause.Stopped, CaptureStatus.Cancelled), (result.Cause, result.Status));
        Assert.Equal(when == CaptureStatus.Recording ? 1 : 0, recorder.Files.Length);
    }

    private Camera Camera(CameraFault? fault = null, string? user = null, string password = "") =>
        _server.Add(new CameraOptions { Number = ++_number, User = user, Password = password, Fault = fault ?? CameraFault.None });

    private static CaptureOrder Impatient(string url, double seconds, double deadline) => Orders.For(url, seconds) with
    {
        ConnectionTimeout = TimeSpan.FromSeconds(2),
        ReadTimeout = TimeSpan.FromSeconds(2),
        KeyFrameTimeout = TimeSpan.FromSeconds(2),
        Deadline = DateTimeOffset.UtcNow.AddSeconds(deadline),
    };

    private static async Task Until(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition()) await Task.Delay(20, deadline.Token);
    }
}
