using System.Globalization;
using System.Text.Json.Nodes;
using OrleansRecorder.Cameras;
using OrleansRecorder.Captures;
using OrleansRecorder.Testing;
using OrleansRecorder.Zoo.Tests.Checks;
using OrleansRecorder.Zoo.Tests.Stage;

namespace OrleansRecorder.Zoo.Tests.Cases;

/// <summary>A27 to A30: recordings that are cut short, by the camera, the power and the operator.</summary>
internal static class OutageCases
{
    public static IReadOnlyList<ZooCase> All { get; } =
    [
        new("A27 stall", 20, Stalls),
        new("A28 rst-return", 25, ResetsAndReturns),
        new("A29 kill9", 30, IsKilled),
        new("A30 cancel-rec", 10, IsCancelled),
    ];

    private static async Task Stalls(ZooStage stage)
    {
        var camera = await stage.Add(stage.AnyCamera());
        var order = ZooStage.Order(camera.Url(), 20);
        var capture = stage.Start(order);
        await camera.HasPlayed(TimeSpan.FromSeconds(8));
        camera.Camera.Fault = new CameraFault(CameraFaultKind.Silent);
        var result = await stage.Ended(capture, order);

        Assert.Equal(CaptureStatus.TimedOut, result.Status);
        var (file, numbers) = await ReadOnly(stage, camera);
        var sent = new SentFrames(camera.Wire, 1);
        var usable = sent.UsableFrom(numbers);
        FileChecks.HasPictures(file, usable.Count, patience: 2);
        FileChecks.Lasts(file, (usable[^1].TakenAt - usable[0].TakenAt).TotalSeconds);
    }

    private static async Task ResetsAndReturns(ZooStage stage)
    {
        var camera = await stage.Add(stage.AnyCamera() with { OwnPort = true, KeyFrameInterval = 25 });
        var order = ZooStage.Order(camera.Url(), 20) with { Deadline = DateTimeOffset.UtcNow.AddSeconds(60) };
        var capture = stage.Start(order);
        await camera.HasPlayed(TimeSpan.FromSeconds(8));
        camera.Camera.Fault = new CameraFault(CameraFaultKind.Refuse);
        await Task.Delay(TimeSpan.FromSeconds(4));
        camera.Camera.Fault = CameraFault.None;
        var result = await stage.Ended(capture, order);

        Assert.True(result.Status == CaptureStatus.Completed, result.Message.English);
        CheckFailed.Unless(result.Parts.Length == 2 && stage.Files.Count == 2, "O13", $"the files are {string.Join(' ', stage.Files)}");
        var source = await SourcePictures.Of(camera.Camera.VideoFile);
        var recorded = 0.0;
        var connections = camera.Wire.Frames.Select(f => f.Connection).Distinct().ToList();
        CheckFailed.Unless(connections.Count == 2, "W", $"pictures were sent over {connections.Count} connections");
        List<(TimeSpan First, TimeSpan Last)> times = [];
        foreach (var (path, connection) in result.Parts.Select(p => stage.Folder[p.Filename]).Zip(connections))
        {
            var file = await Recording.Read(path);
            FileChecks.IsSound(file);
            var numbers = FileChecks.HoldsTheSourceWithoutGap(file, source);
            var sent = new SentFrames(camera.Wire, connection);
            var usable = sent.UsableFrom(numbers);
            // The last moments before a reset may be lost with it.
            if (connection == connections[0]) FileChecks.HasPictures(file, usable.Count, patience: 25);
            recorded += file.Duration;
            times.Add((usable[0].TakenAt, usable[numbers.Count - 1].TakenAt));
        }

        CheckFailed.Unless(Math.Abs(recorded - 20) <= 0.5, "O7", Text($"both last {recorded:0.000} s"));
        var trueGap = (times[1].First - times[0].Last).TotalSeconds;
        var toldGap = (result.Parts[1].StartedAt - (result.Parts[0].StartedAt + result.Parts[0].Duration)).TotalSeconds;
        CheckFailed.Unless(Math.Abs(toldGap - trueGap) <= 0.5, "O8", Text($"the gap is {trueGap:0.000} s, the parts say {toldGap:0.000} s"));
    }

    private static async Task IsKilled(ZooStage stage)
    {
        var camera = await stage.Add(stage.AnyCamera());
        var config = RunningRecorder.Config([camera.Url()], totalSeconds: 60, concurrent: 1, durationSeconds: 20);
        await using var recorder = await RunningRecorder.Start(stage.Folder.Path, config, "--start");
        await camera.HasPlayed(TimeSpan.FromSeconds(10));
        var sent = new SentFrames(camera.Wire, camera.Wire.Frames[^1].Connection);
        await recorder.Kill();

        // As the crash has left it, before anybody repairs it.
        var path = Assert.Single(Directory.EnumerateFiles(recorder.Output, "*.mp4*", SearchOption.AllDirectories));
        var left = stage.Folder["left.mp4"];
        File.Copy(path, left);
        var file = await Recording.Read(left);
        FileChecks.IsSound(file);
        var numbers = FileChecks.HoldsTheSourceWithoutGap(file, await SourcePictures.Of(camera.Camera.VideoFile));
        var usable = sent.UsableFrom(numbers);
        var lost = usable.Count - numbers.Count;
        CheckFailed.Unless(lost <= 2 * camera.Options.FrameRate, "O11", $"{lost} of {usable.Count} frames are lost");

        // It goes on where it was, into a file beside the first.
        await recorder.Restart();
        await recorder.Until("/api/scheduler/status", status => !(bool)status["is_running"]!, seconds: 60);
        var directory = Path.GetDirectoryName(path)!;
        var report = Path.Combine(directory, "rtsp_report.json");
        for (var attempt = 0; !File.Exists(report) && attempt < 200; attempt++) await Task.Delay(50);
        var reported = JsonNode.Parse(await File.ReadAllTextAsync(report))!["tasks"]![0]!;
        Assert.Contains((int)reported["status_code"]!, new[] { (int)CaptureStatus.Completed, (int)CaptureStatus.RecordingError });
        foreach (var part in Directory.EnumerateFiles(directory, "*.mp4")) FileChecks.IsSound(await Recording.Read(part));
    }

    private static async Task IsCancelled(ZooStage stage)
    {
        var camera = await stage.Add(stage.AnyCamera());
        var order = ZooStage.Order(camera.Url(), 20);
        var capture = stage.Start(order);
        await camera.HasPlayed(TimeSpan.FromSeconds(6));
        var (stoppedAt, stopped) = (DateTimeOffset.UtcNow, camera.Clock);
        capture.Stop(CaptureCause.Stopped);
        var result = await stage.Ended(capture, order);

        Assert.Equal((CaptureCause.Stopped, CaptureStatus.Cancelled), (result.Cause, result.Status));
        CheckFailed.Unless(result.EndedAt - stoppedAt < TimeSpan.FromSeconds(3), "O16", $"it ended {result.EndedAt - stoppedAt} after the stop");
        var (file, numbers) = await ReadOnly(stage, camera);
        FileChecks.IsFolded(file);
        FileChecks.SoundMatchesPicture(file, numbers, camera.Options.FrameRate);
        var sent = new SentFrames(camera.Wire, 1);
        var usable = sent.UsableFrom(numbers);

        // By the camera's clock, and its last picture until the end: it may have sent the first one late, and no picture for a while before the stop.
        var (first, last) = (usable[0], usable[numbers.Count - 1]);
        FileChecks.Lasts(file, (last.TakenAt - first.TakenAt + (stopped - last.At)).TotalSeconds);
        var late = usable.Skip(numbers.Count).Count(f => f.At <= stopped);
        CheckFailed.Unless(late <= camera.Options.FrameRate / 2, "O3", $"{late} frames that were sent before the stop are not recorded");
        WireChecks.AreKept(camera.Wire, camera.Options, 1);
    }

    private static async Task<(Recording File, IReadOnlyList<int> Numbers)> ReadOnly(ZooStage stage, ZooCamera camera)
    {
        var file = await Recording.Read(Assert.Single(stage.Files));
        FileChecks.IsSound(file);
        FileChecks.HasNoGap(file, 2.0 / camera.Options.FrameRate);
        return (file, FileChecks.HoldsTheSourceWithoutGap(file, await SourcePictures.Of(camera.Camera.VideoFile)));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
