namespace OrleansRecorder.Media.Tests.Ingest.Connections;

/// <summary>Drives what never waits, as an ingest thread does.</summary>
internal static class Sweeps
{
    /// <summary>Sweeps until it is done; fails after 20 s.</summary>
    public static async Task Until(Func<bool> sweep)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!sweep()) await Task.Delay(2, deadline.Token);
    }
}
