using OrleansRecorder.Cameras;
using OrleansRecorder.Captures;
using OrleansRecorder.Zoo.Tests.Checks;
using OrleansRecorder.Zoo.Tests.Stage;

namespace OrleansRecorder.Zoo.Tests.Cases;

/// <summary>A15 to A19: what cameras send.</summary>
internal static class StreamCases
{
    private static readonly TimeSpan ResizeAfter = TimeSpan.FromSeconds(8);

    public static IReadOnlyList<ZooCase> All { get; } =
    [
        new("A15 wrap-ssrc", 20, stage => new CleanRecording().Play(stage, stage.AnyCamera()
            .Timestamps(times => times with { WrapAfter = TimeSpan.FromSeconds(2) })
            .Packets(packets => packets with { ChangesSource = true }))),

        new("A16 no-marker", 20, stage => new CleanRecording().Play(stage, stage.AnyCamera()
            .Timestamps(times => times with { AgesParameterSets = true })
            .Packets(packets => packets with { Marker = MarkerStyle.Never }))),

        new("A17 res-change", 20, ChangesSize),

        new("A18 fu-loss", 20, stage => new CleanRecording { LosesPictures = true }.Play(stage, stage.AnyCamera()
            .Packets(packets => packets with { Size = 300, LosesPacketEvery = 10 }))),

        new("A19 vfr", 20, stage => new CleanRecording { SoundOffset = null }.Play(stage, stage.AnyCamera().Packets(packets => packets with { SlowFrameRate = 8 }))),
    ];

    private static async Task ChangesSize(ZooStage stage)
    {
        var camera = await stage.Add(stage.AnyCamera().Packets(packets => packets with { Resize = new SizeChange(ResizeAfter, 640, 480) }));
        var result = await stage.Record(ZooStage.Order(camera.Url(), 20));
        Assert.True(result.Status == CaptureStatus.Completed, result.Message.English);
        CheckFailed.Unless(stage.Files.Count == 2, "O13", $"the files are {string.Join(' ', stage.Files)}");

        List<int> numbers = [];
        var recorded = 0.0;
        foreach (var (path, clip, width) in new[] { (stage.Files[0], camera.Camera.VideoFile, 320), (stage.Files[1], camera.Camera.ResizedVideoFile!, 640) })
        {
            var source = await SourcePictures.Of(clip);
            var file = await Recording.Read(path);
            FileChecks.IsSound(file);
            CheckFailed.Unless((int)file.Stream("video")!["width"]! == width, "O13", $"{path} is {file.Stream("video")!["width"]} wide");
            var part = FileChecks.HoldsTheSourceWithoutGap(file, source);
            FileChecks.SoundMatchesPicture(file, part, camera.Options.FrameRate);
            numbers.AddRange(part);
            recorded += file.Duration;
        }

        // Both clips have the same frames, so the numbers go on over the joint.
        var sent = new SentFrames(camera.Wire, 1);
        var expected = sent.UsableFrom(numbers).Take(numbers.Count).Select(f => f.Index);
        CheckFailed.Unless(expected.SequenceEqual(numbers), "O3", "frames are missing between the two files");
        CheckFailed.Unless(Math.Abs(recorded - 20) <= 0.3, "O7", $"both last {recorded:0.000} s");
        WireChecks.AreKept(camera.Wire, camera.Options, 1);
    }
}
