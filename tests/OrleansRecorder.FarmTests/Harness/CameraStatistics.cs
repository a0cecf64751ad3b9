using OrleansRecorder.Cameras;

namespace OrleansRecorder.FarmTests.Harness;

/// <summary>What the cameras say of the rules that the farm must keep.</summary>
internal static class CameraStatistics
{
    /// <summary>Never more than K at once, and no camera watched twice at once, over the server's whole life.</summary>
    public static void MustKeepTheLimit(this CameraServer cameras, int limit)
    {
        var statistics = cameras.ReadStatistics();
        var most = statistics.All.SinceStart.MostAtOnce;
        var twice = statistics.Cameras.Where(camera => camera.Value.SinceStart.MostAtOnce > 1).Select(camera => camera.Key).ToArray();
        Assert.True(most <= limit && twice.Length == 0, $"{most} at once of {limit}; cameras watched twice at once: {string.Join(", ", twice)}\n{string.Join('\n', statistics.Sessions)}");
    }
}
