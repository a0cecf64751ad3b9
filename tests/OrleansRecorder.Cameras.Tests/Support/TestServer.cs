using System.Diagnostics;

namespace OrleansRecorder.Cameras.Tests;

/// <summary>Starts camera servers that share the clips of this run.</summary>
internal static class TestServer
{
    private static readonly string Clips = Directory.CreateTempSubdirectory("recorder-test-clips-").FullName;

    static TestServer() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Clips, recursive: true);

    /// <summary>Patient with clients: where clips are made beside them, those of a test may not read for seconds.</summary>
    public static CameraServerOptions Options => new() { CacheFolder = Clips, ClientStallTimeout = TimeSpan.FromMinutes(1) };

    public static CameraServer Start() => CameraServer.Start(Options);

    /// <summary>Waits until something holds, and fails after 15 s.</summary>
    public static async Task Until(Func<bool> holds, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"waited in vain: {what}");
            await Task.Delay(20);
        }
    }
}
