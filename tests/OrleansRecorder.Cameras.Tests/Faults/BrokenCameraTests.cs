using System.Diagnostics;
using System.Net.Sockets;

namespace OrleansRecorder.Cameras.Tests.Faults;

public sealed class BrokenCameraTests
{
    private const int Key = 5;
    private const int Video = 0;
    private const int Audio = 2;

    [Fact]
    public async Task Refuse_refuses_until_the_camera_is_mended_and_again_when_it_breaks()
    {
        await using var server = TestServer.Start();
        var camera = server.Add(Broken("refuse"));
        await MustRefuse(camera);

        camera.Fault = CameraFault.None;
        await TestServer.Until(() => Connects(camera), "the mended camera's port opens");
        using var client = await RtspTestClient.Play(camera);

        camera.Fault = Fault("refuse");
        Assert.Equal(SocketError.ConnectionReset, await client.ReadToEnd());
        await MustRefuse(camera);
        Assert.Equal(0, camera.Sessions.Playing);
    }

    [Fact]
    public async Task Refuse_on_the_shared_port_resets_the_first_request_and_spares_the_other_cameras()
    {
        await using var server = TestServer.Start();
        var broken = server.Add(new CameraOptions { Number = 1 });
        using var other = await RtspTestClient.Play(server.Add(new CameraOptions { Number = 2 }));
        broken.Fault = Fault("refuse");
        using var client = await RtspTestClient.Connect(broken);
        await client.Write($"OPTIONS {client.Url} RTSP/1.0\r\nCSeq: 1\r\n\r\n");
        Assert.Equal(SocketError.ConnectionReset, await client.ReadToEnd());
        Assert.NotEmpty(await other.ReadFor(0.5));
    }

    [Fact]
    public async Task Silent_accepts_and_answers_nothing_and_playing_sessions_go_quiet()
    {
        await using var server = TestServer.Start();
        var camera = server.Add(new CameraOptions { Number = 1 });
        using var playing = await RtspTestClient.Play(camera);
        await playing.ReadPacket();
        camera.Fault = Fault("silent");

        using var client = await RtspTestClient.Connect(camera);
        await client.Write($"OPTIONS {client.Url} RTSP/1.0\r\nCSeq: 1\r\n\r\nDESCRIBE {client.Url} RTSP/1.0\r\nCSeq: 2\r\n\r\n");
        await MustGoQuiet(playing);
        Assert.False(client.HasUnread);

        camera.Fault = CameraFault.None;
        await playing.ReadPacket();
        Assert.Equal(200, (await client.Send("OPTIONS")).Status);
    }

    [Theory]
    [InlineData("401", 401)]
    [InlineData("404", 404)]
    [InlineData("503", 503)]
    public async Task An_error_is_answered_until_the_camera_is_mended(string fault, int status)
    {
        await using var server = TestServer.Start();
        var camera = server.Add(Broken(fault));
        using var client = await RtspTestClient.Connect(camera);
        var reply = await client.Send("DESCRIBE");
        Assert.Equal(status, reply.Status);
        Assert.Equal(status == 401, reply["WWW-Authenticate"] is not null);
        camera.Fault = CameraFault.None;
        Assert.Equal(200, (await client.Send("DESCRIBE")).Status);
    }

    [Fact]
    public async Task Stall_stops_the_media_after_its_seconds_and_still_answers()
    {
        await using var server = TestServer.Start();
        var camera = server.Add(Broken("stall:2"));
        using var client = await RtspTestClient.Play(camera);
        var start = await client.ReadPacket();
        var last = await MustGoQuiet(client);
        Assert.InRange((last!.At - start.At).TotalSeconds, 0, 4);
        Assert.Equal(200, (await client.Send("GET_PARAMETER")).Status);

        camera.Fault = CameraFault.None;
        var again = await client.ReadPacket();
        Assert.True(again.At > last.At);
    }

    [Fact]
    public async Task Reset_breaks_the_connection_after_its_seconds_and_the_camera_is_there_again()
    {
        await using var server = TestServer.Start();
        var camera = server.Add(Broken("reset:0.5"));
        using var client = await RtspTestClient.Play(camera);
        Assert.Equal(SocketError.ConnectionReset, await client.ReadToEnd());
        using var again = await RtspTestClient.Play(camera);
        Assert.Equal(2, camera.Sessions.Started);
    }

    [Fact]
    public async Task Nokey_never_sends_a_key_frame()
    {
        var packets = await Watch("nokey", 2);
        Assert.True(packets.Count(p => p.Channel == Video) > 20);
        Assert.DoesNotContain(packets, p => p.Channel == Video && p.NalType is Key or 24);
    }

    [Fact]
    public async Task Late_key_sends_frames_and_then_key_frames()
    {
        var packets = await Watch("late-key:1", 3);
        var video = packets.Where(p => p.Channel == Video).ToList();
        var firstKey = video.Find(p => p.NalType == Key);
        Assert.NotNull(firstKey);
        Assert.True(video.IndexOf(firstKey) > 10);
        Assert.Equal(0.96, (firstKey.Timestamp - video[0].Timestamp) / 90_000.0);
    }

    [Fact]
    public async Task Loss_loses_about_so_many_packets_and_nothing_else()
    {
        var packets = await Watch("loss:30", 3);
        var video = packets.Where(p => p.Channel == Video).ToList();
        var sent = (ushort)(video[^1].Sequence - video[0].Sequence) + 1;
        Assert.InRange(video.Count / (double)sent, 0.5, 0.9);
    }

    [Fact]
    public async Task Silent_audio_is_announced_and_not_sent()
    {
        var packets = await Watch("silent-audio", 2);
        Assert.Contains(packets, p => p.Channel == Video);
        Assert.DoesNotContain(packets, p => p.Channel == Audio);
    }

    private static async Task<List<RtspTestClient.Packet>> Watch(string fault, double seconds)
    {
        await using var server = TestServer.Start();
        using var client = await RtspTestClient.Play(server.Add(Broken(fault)));
        return await client.ReadFor(seconds);
    }

    // Quiet is: nothing for a second, where a frame comes every 40 ms. Returns the last packet before that.
    private static async Task<RtspTestClient.Packet?> MustGoQuiet(RtspTestClient client)
    {
        RtspTestClient.Packet? last = null;
        var start = Stopwatch.GetTimestamp();
        for (var quiet = 0; quiet < 20;)
        {
            Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds < 15, "the camera does not go quiet");
            await Task.Delay(50);
            quiet = client.HasUnread ? 0 : quiet + 1;
            while (client.HasUnread) last = await client.ReadPacket();
        }

        return last;
    }

    private static async Task MustRefuse(Camera camera)
    {
        await TestServer.Until(() => !Connects(camera), "the broken camera's port shuts");
        var refused = await Assert.ThrowsAsync<SocketException>(() => RtspTestClient.Connect(camera));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    private static bool Connects(Camera camera)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect("127.0.0.1", new Uri(camera.Address).Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static CameraOptions Broken(string fault) => new() { Number = 1, Fault = Fault(fault) };

    private static CameraFault Fault(string text) => CameraFault.TryParse(text, out var fault, out var error) ? fault : throw new ArgumentException(error);
}
