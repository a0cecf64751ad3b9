using System.Diagnostics;

namespace OrleansRecorder.Archive.Tests;

/// <summary>Waits for what happens soon.</summary>
internal static class Eventually
{
    /// <summary>Polls until it is so; fails after the deadline.</summary>
    public static async Task<TimeSpan> True(Func<Task<bool>> condition, TimeSpan deadline)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > deadline) Assert.Fail($"not so within {deadline.TotalSeconds} s");
            await Task.Delay(20);
        }

        return watch.Elapsed;
    }
}
