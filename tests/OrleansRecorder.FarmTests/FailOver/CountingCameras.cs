using System.Text.Json.Nodes;
using OrleansRecorder.Cameras;
using OrleansRecorder.FarmTests.Harness;

namespace OrleansRecorder.FarmTests.FailOver;

/// <summary>Cameras that cost little, whose pictures can be told apart for longer than any fail-over may take.</summary>
internal static class CountingCameras
{
    /// <summary>Frames a second.</summary>
    public const int FrameRate = 15;

    /// <summary>Frames from one key frame to the next: with it the clip, and so the counter in the pictures, lasts 17 s.</summary>
    public const int KeyFrameInterval = 17;

    /// <summary>The counter in the pictures runs from 0 to one less.</summary>
    public const int FrameCount = 17 * FrameRate;

    /// <summary>One of them.</summary>
    public static CameraOptions Camera(int number) => new()
    {
        Number = number, Width = 320, Height = 180, FrameRate = FrameRate, KeyFrameInterval = KeyFrameInterval, BitRate = 120_000, Audio = AudioCodec.None,
    };

    /// <summary>The configuration with other durations and weights for some streams, by the number of their camera.</summary>
    public static string With(string config, params (int Camera, double Duration, double Weight)[] streams)
    {
        var document = JsonNode.Parse(config)!;
        foreach (var (camera, duration, weight) in streams)
        {
            var stream = document["streams"]![camera - 1]!;
            (stream["duration_seconds"], stream["weight"]) = (duration, weight);
        }

        return document.ToJsonString();
    }
}
