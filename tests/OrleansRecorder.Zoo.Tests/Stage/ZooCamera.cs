using OrleansRecorder.Cameras;
using OrleansRecorder.Zoo.Tests.Checks;

namespace OrleansRecorder.Zoo.Tests.Stage;

/// <summary>A camera on a server of its own, so that every connection to the server is one to it.</summary>
internal sealed class ZooCamera : IAsyncDisposable
{
    private readonly CameraServer _server;
    private TlsDoor? _door;

    public ZooCamera(CameraOptions options, Random random)
    {
        _server = CameraServer.Start(new CameraServerOptions { Wire = Wire, Random = new Random(random.Next()) });
        Camera = _server.Add(options);
    }

    public Camera Camera { get; }

    public WireLog Wire { get; } = new();

    public CameraOptions Options => Camera.Options;

    /// <summary>Its address for a client, with what stands behind the path.</summary>
    public string Url(string rest = "") => Camera.Url + rest;

    /// <summary>Its address over TLS; the port is opened at the first call.</summary>
    public string SecureUrl() => (_door ??= TlsDoor.Open(_server)).Url(Camera);

    /// <summary>Now, on the clock of <see cref="Wire"/>.</summary>
    public TimeSpan Clock => TimeSpan.FromTicks(_server.Now);

    /// <summary>A moment of <see cref="Wire"/> on the wall clock.</summary>
    public DateTimeOffset WallClock(TimeSpan at) => DateTimeOffset.UtcNow - (Clock - at);

    /// <summary>Makes its clip, in its turn.</summary>
    public async Task Prepare()
    {
        using var turn = await Turn.Take();
        await Camera.PrepareAsync();
    }

    /// <summary>Waits until it has sent pictures for so long over its newest connection.</summary>
    public async Task HasPlayed(TimeSpan time)
    {
        using var deadline = new CancellationTokenSource(time + TimeSpan.FromSeconds(60));
        while (true)
        {
            var frames = Wire.Frames;
            if (frames.Count > 0 && frames[^1].At - frames.First(f => f.Connection == frames[^1].Connection).At >= time) return;
            await Task.Delay(20, deadline.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_door is not null) await _door.DisposeAsync();
        await _server.DisposeAsync();
    }
}
