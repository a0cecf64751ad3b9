using System.Collections.Concurrent;

namespace OrleansRecorder.Cameras.Tests;

public sealed class StalledClientTests
{
    private static CameraServer Start() => CameraServer.Start(TestServer.Options with { ClientStallTimeout = TimeSpan.FromSeconds(2) });

    // At the low rate the server's own buffer would take a minute to fill: only the kernel knows that the client takes nothing.
    [Theory]
    [InlineData(64_000)]
    [InlineData(8_000_000)]
    public async Task A_client_that_takes_nothing_is_dropped_and_its_session_ends(int bitRate)
    {
        await using var server = Start();
        var events = new ConcurrentQueue<CameraSessionEvent>();
        server.SessionChanged += events.Enqueue;
        var camera = server.Add(new CameraOptions { Number = 1, BitRate = bitRate, Width = 640, Height = 480, Audio = AudioCodec.None });
        await camera.PrepareAsync();

        using var client = await RtspTestClient.Play(camera, receiveBuffer: 4096);
        await TestServer.Until(() => camera.Sessions.Playing == 0, "the session ends");

        Assert.Equal([null, "takes nothing any more"], events.Select(e => e.Ended));
    }

    [Fact]
    public async Task A_client_that_reads_now_and_then_is_not_dropped()
    {
        await using var server = Start();
        var camera = server.Add(new CameraOptions { Number = 1, BitRate = 8_000_000, Width = 640, Height = 480, Audio = AudioCodec.None });
        await camera.PrepareAsync();

        // A second of the stream is more than the buffers of both sides hold: the server is blocked each time.
        using var client = await RtspTestClient.Play(camera, receiveBuffer: 128 << 10);
        for (var i = 0; i < 5; i++)
        {
            await Task.Delay(1000);
            await client.ReadFor(0.3);
        }

        Assert.Equal(new SessionCounts(1, 1, 1), camera.Sessions);
    }

    [Fact]
    public void A_stall_timeout_of_nothing_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CameraServer.Start(TestServer.Options with { ClientStallTimeout = TimeSpan.Zero }));
}
