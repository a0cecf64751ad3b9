using System.Diagnostics;
using OrleansRecorder.Cameras;

namespace OrleansRecorder.FarmTests.FailOver;

/// <summary>Waits for what the cameras see.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until just these cameras are being played.</summary>
    public static Task UntilPlaying(this CameraServer cameras, int seconds, params int[] numbers) => cameras.Until(
        sessions => sessions.Where(s => s.EndedAt is null).Select(s => s.Camera).Order().SequenceEqual(numbers.Order()), seconds, $"cameras {string.Join(", ", numbers)} to play");

    /// <summary>Waits until the history of the sessions satisfies; throws <see cref="TimeoutException"/> with it otherwise.</summary>
    public static async Task Until(this CameraServer cameras, Func<IReadOnlyList<SessionRecord>, bool> satisfies, int seconds, string what)
    {
        for (var clock = Stopwatch.StartNew(); !satisfies(cameras.ReadStatistics().Sessions); await Task.Delay(Step))
        {
            if (clock.Elapsed.TotalSeconds > seconds) throw new TimeoutException($"waited {seconds} s for {what}:\n{string.Join('\n', cameras.ReadStatistics().Sessions)}");
        }
    }
}
