using OrleansRecorder.Captures;

namespace OrleansRecorder.Media.Tests.Support;

/// <summary>Orders as a cycle gives them, with patience fit for a test.</summary>
internal static class Orders
{
    public static CaptureOrder For(string url, double seconds = 4, DateTimeOffset? now = null) => new()
    {
        Identity = new CaptureIdentity(1, 0, 1),
        RtspUrl = url,
        OutputDirectory = "output",
        CycleDirectory = "20260101_000000",
        OutputFilename = "camera.mp4",
        Duration = TimeSpan.FromSeconds(seconds),
        Deadline = (now ?? DateTimeOffset.UtcNow).AddMinutes(5),
        ConnectionTimeout = TimeSpan.FromSeconds(15),
        ReadTimeout = TimeSpan.FromSeconds(15),
        KeyFrameTimeout = TimeSpan.FromSeconds(60),
        FirstPart = 1,
        StreamIndex = 0,
    };
}
