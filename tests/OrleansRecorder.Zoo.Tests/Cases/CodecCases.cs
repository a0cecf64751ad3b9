using OrleansRecorder.Cameras;
using OrleansRecorder.Zoo.Tests.Stage;

namespace OrleansRecorder.Zoo.Tests.Cases;

/// <summary>B01 to B09: what else cameras encode with.</summary>
internal static class CodecCases
{
    private const double Seconds = 10;

    private static readonly CleanRecording Short = new() { Seconds = Seconds };

    public static IReadOnlyList<ZooCase> All { get; } =
    [
        new("B01 h265", Seconds, stage => Short.Play(stage, stage.AnyCamera() with { Codec = VideoCodec.H265 })),
        new("B02 h265-inband", Seconds, stage => Short.Play(stage, (stage.AnyCamera(AudioCodec.G711) with { Codec = VideoCodec.H265 })
            .Description(text => text with { OmitsParameterSets = true })
            .Packets(packets => packets with { Marker = MarkerStyle.Never }))),
        new("B03 b-frames", Seconds, stage => Short.Play(stage, stage.AnyCamera() with { BFrames = 2, KeyFrameInterval = 25 })),
        new("B04 mjpeg", Seconds, stage => Short.Play(stage, stage.AnyCamera() with { Codec = VideoCodec.Mjpeg, BitRate = 2_000_000, FrameRate = 10, KeyFrameInterval = 10 })),
        new("B05 pcmu", Seconds, stage => Short.Play(stage, stage.AnyCamera(AudioCodec.G711Mu))),
        new("B06 g726", Seconds, stage => Short.Play(stage, stage.AnyCamera(AudioCodec.G726))),
        new("B07 g726-aal2", Seconds, stage => Short.Play(stage, stage.AnyCamera(AudioCodec.G726Aal2))),
        new("B08 latm", Seconds, stage => Short.Play(stage, stage.AnyCamera(AudioCodec.Latm))),
        new("B09 opus", Seconds, stage => Short.Play(stage, stage.AnyCamera(AudioCodec.Opus))),
    ];
}
