using OrleansRecorder.Captures;

namespace OrleansRecorder.Support;

/// <summary>Orders as CycleGrain gives them.</summary>
internal static class Orders
{
    /// <summary>The first attempt of a task of the first cycle: 20 s within the next minute.</summary>
    public static CaptureOrder Order(int task) => new()
    {
        Identity = new CaptureIdentity(1, task, 1),
        RtspUrl = $"rtsp://user:secret@camera/{task}",
        OutputDirectory = "output",
        CycleDirectory = "20260101_000000",
        OutputFilename = $"camera{task}.mp4",
        Duration = TimeSpan.FromSeconds(20),
        Deadline = DateTimeOffset.UtcNow.AddMinutes(1),
        ConnectionTimeout = TimeSpan.FromSeconds(5),
        ReadTimeout = TimeSpan.FromSeconds(5),
        KeyFrameTimeout = TimeSpan.FromSeconds(60),
        FirstPart = 1,
        StreamIndex = task,
    };
}
