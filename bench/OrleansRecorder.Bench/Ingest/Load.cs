using OrleansRecorder.Cameras;

namespace OrleansRecorder.Bench.Ingest;

/// <summary>So many cameras at once, each of so much video.</summary>
internal sealed record Load(int Streams, int Kilobits)
{
    /// <summary>Frames a second of each camera.</summary>
    public const int FrameRate = 25;

    /// <summary>As in the tables.</summary>
    public string Name => $"{Streams} × {Kilobits / 1000.0:0.#} Mb/s";

    /// <summary>Starts the cameras in this process, their clips made.</summary>
    public async Task<CameraServer> Start(CancellationToken stop)
    {
        var server = CameraServer.Start();
        foreach (var number in Enumerable.Range(1, Streams)) server.Add(new CameraOptions { Number = number, BitRate = Kilobits * 1000, FrameRate = FrameRate });
        await server.PrepareAsync().WaitAsync(stop);
        return server;
    }
}
