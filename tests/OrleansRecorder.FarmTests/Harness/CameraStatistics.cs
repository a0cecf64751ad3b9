using OrleansRecorder.Cameras;

namespace OrleansRecorder.FarmTests.Harness;

/// <summary>What the cameras say of the rules that the farm must keep.</summary>
internal static class CameraStatistics
{
    /// <summary>Never more than K at once, and no camera watched twice at once, over the server's whole life.</summary>
    public static void MustKeepTheLimit(this CameraServer cameras, int limit)
    {
        var statistics = cameras.ReadStatistics();
        Assert.InRange(statistics.All.SinceStart.MostAtOnce, 0, limit);
        Assert.All(statistics.Cameras, camera => Assert.InRange(camera.Value.SinceStart.MostAtOnce, 0, 1));
    }
}
