using OrleansRecorder.Cameras;

namespace OrleansRecorder.FarmTests.Harness;

/// <summary>Cameras that cost next to nothing, so that dozens of them and a farm fit on two cores.</summary>
internal static class SmallCameras
{
    /// <summary>Ten small pictures a second, a key frame each second; every fifth one has sound.</summary>
    public static CameraOptions Of(int number) => new()
    {
        Number = number,
        Width = 320,
        Height = 180,
        FrameRate = 10,
        BitRate = 120_000,
        Audio = number % 5 == 0 ? AudioCodec.Aac : AudioCodec.None,
    };
}
