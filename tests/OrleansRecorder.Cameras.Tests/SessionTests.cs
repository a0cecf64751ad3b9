using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansRecorder.Cameras.Tests;

public sealed class SessionTests
{
    [Fact]
    public async Task Sessions_are_counted_from_PLAY_to_their_end_however_they_end()
    {
        await using var server = TestServer.Start();
        var events = new ConcurrentQueue<CameraSessionEvent>();
        server.SessionChanged += events.Enqueue;
        var first = server.Add(new CameraOptions { Number = 1 });
        var second = server.Add(new CameraOptions { Number = 2 });

        using var a = await RtspTestClient.Play(first);
        using var b = await RtspTestClient.Play(first);
        using var c = await RtspTestClient.Play(second);
        using var onlySetUp = await RtspTestClient.Connect(second);
        await onlySetUp.SetUp();
        Assert.Equal(200, (await a.Send("TEARDOWN")).Status);
        b.Dispose();
        await TestServer.Until(() => server.Sessions.Playing == 1, "one session is left");
        using var d = await RtspTestClient.Play(first);

        Assert.Equal(new SessionCounts(1, 2, 3), first.Sessions);
        Assert.Equal(new SessionCounts(1, 1, 1), second.Sessions);
        Assert.Equal(new SessionCounts(2, 3, 4), server.Sessions);
        Assert.Equal([null, null, "TEARDOWN", "closed by the client", null], events.Where(e => e.Camera == 1).Select(e => e.Ended));
    }

    [Fact]
    public async Task A_client_that_leaves_one_camera_for_the_next_never_counts_twice()
    {
        await using var server = TestServer.Start();
        var cameras = Enumerable.Range(1, 3).Select(n => server.Add(new CameraOptions { Number = n })).ToList();
        await server.PrepareAsync();
        for (var i = 0; i < 8; i++)
        {
            // The next one is ready before the last one ends, and plays at once when it has.
            using var next = await RtspTestClient.Connect(cameras[i % 3]);
            await next.SetUp();
            using (await RtspTestClient.Play(cameras[(i + 1) % 3]))
            {
            }

            Assert.Equal(200, (await next.Send("PLAY")).Status);
        }

        Assert.Equal(16, server.Sessions.Started);
        Assert.Equal(1, server.Sessions.MostAtOnce);
    }

    [Fact]
    public async Task A_session_whose_client_falls_silent_times_out_and_keep_alives_prevent_it()
    {
        await using var server = CameraServer.Start(TestServer.Options with { SessionTimeout = TimeSpan.FromSeconds(3) });
        var cameras = Enumerable.Range(1, 4).Select(n => server.Add(new CameraOptions { Number = n })).ToList();
        using var silent = await RtspTestClient.Play(cameras[0]);
        using var asking = await RtspTestClient.Play(cameras[1]);
        using var reporting = await RtspTestClient.Play(cameras[2]);
        using var overUdp = await RtspTestClient.Connect(cameras[3]);
        using var rtcp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var clientPort = ((IPEndPoint)rtcp.Client.LocalEndPoint!).Port;
        var setUp = await overUdp.Send("SETUP", "/track1", $"Transport: RTP/AVP;unicast;client_port={clientPort}-{clientPort}");
        var serverPort = int.Parse(setUp["Transport"]!.Split("server_port=")[1].Split('-', ';')[1], null);
        Assert.Equal(200, (await overUdp.Send("PLAY")).Status);
        Assert.Contains("timeout=3", setUp["Session"], StringComparison.Ordinal);

        // Empty datagrams open firewalls; they must not hide what comes after them.
        await rtcp.SendAsync(Array.Empty<byte>(), new IPEndPoint(IPAddress.Loopback, serverPort));

        // An empty receiver report (RFC 3550 section 6.4.2).
        byte[] report = [0x80, 201, 0, 1, 1, 2, 3, 4];
        for (var i = 0; i < 23; i++)
        {
            await Task.Delay(200);
            await asking.Write($"GET_PARAMETER {asking.Url} RTSP/1.0\r\nCSeq: 9\r\nSession: {asking.Session}\r\n\r\n");
            await reporting.Write([(byte)'$', 1, 0, 8, .. report]);
            await rtcp.SendAsync(report, new IPEndPoint(IPAddress.Loopback, serverPort));
        }

        Assert.Equal([0, 1, 1, 1], cameras.Select(c => c.Sessions.Playing));
        Assert.Null(await silent.ReadToEnd());
    }

    [Fact]
    public async Task A_paused_session_goes_on_at_the_next_PLAY()
    {
        await using var server = TestServer.Start();
        var camera = server.Add(new CameraOptions { Number = 1 });
        using var client = await RtspTestClient.Play(camera);
        await client.ReadPacket();
        Assert.Equal(200, (await client.Send("PAUSE")).Status);
        Assert.Equal(200, (await client.Send("PLAY")).Status);
        await client.ReadPacket();
        Assert.Equal(new SessionCounts(1, 1, 1), camera.Sessions);
    }

    [Fact]
    public async Task Wrong_requests_get_the_answers_of_the_standard()
    {
        await using var server = TestServer.Start();
        var camera = server.Add(new CameraOptions { Number = 1 });
        using var client = await RtspTestClient.Connect(camera);

        Assert.Contains("GET_PARAMETER", (await client.Send("OPTIONS"))["Public"], StringComparison.Ordinal);
        Assert.Equal(501, (await client.Send("RECORD")).Status);
        Assert.Equal(454, (await client.Send("PLAY")).Status);
        Assert.Equal(459, (await client.Send("SETUP", "", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1")).Status);
        Assert.Equal(404, (await client.Send("DESCRIBE", "00000")).Status);
        Assert.Equal(461, (await client.Send("SETUP", "/track1", "Transport: RTP/AVP;multicast;port=3000-3001")).Status);
        Assert.Equal(461, (await client.Send("SETUP", "/track1", "Transport: RTP/AVP;unicast")).Status);
        Assert.Equal(454, (await client.Send("GET_PARAMETER", "", "Session: 12345678")).Status);
        Assert.Equal(200, (await client.Send("SETUP", "/track1", "Transport: RTP/AVP;multicast,RTP/AVP/TCP;unicast;interleaved=8-9")).Status);
        Assert.Equal(455, (await client.Send("SETUP", "/track1", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1")).Status);
        Assert.Equal(200, (await client.Send("PLAY")).Status);
        Assert.Equal(8, (await client.ReadUntil(packets => packets.Exists(p => p.Bytes[1] == 96 && p.NalType == 24)))[^1].Channel);
    }

    [Fact]
    public async Task What_is_no_RTSP_is_answered_400_and_closed()
    {
        await using var server = TestServer.Start();
        var camera = server.Add(new CameraOptions { Number = 1 });
        foreach (var junk in new[] { "GET / HTTP/1.1\r\n\r\n", "\0\0\0\0\r\n\r\n", "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nContent-Length: -1\r\n\r\n", new string('x', 70_000) })
        {
            using var client = await RtspTestClient.Connect(camera);
            await client.Write(junk);
            Assert.Equal(400, (await client.ReadReply()).Status);
            await client.ReadToEnd();
        }
    }

    [Fact]
    public async Task A_request_that_comes_in_pieces_and_requests_that_come_together_are_all_answered()
    {
        await using var server = TestServer.Start();
        var camera = server.Add(new CameraOptions { Number = 1 });
        using var client = await RtspTestClient.Connect(camera);
        foreach (var piece in new[] { "OPT", "IONS * RTSP/1.0\r", "\nCSeq: 1\r\n\r", "\nDESCRIBE ", $"{client.Url} RTSP/1.0\r\nCSeq: 2\r\nContent-Length: 3\r\n\r\nabcOPTIONS * RTSP/1.0\r\nCSeq: 3\r\n\r\n" })
        {
            await client.Write(piece);
            await Task.Delay(30);
        }

        Assert.Equal("1", (await client.ReadReply())["CSeq"]);
        Assert.Equal("2", (await client.ReadReply())["CSeq"]);
        Assert.Equal("3", (await client.ReadReply())["CSeq"]);
    }

    [Fact]
    public async Task Disposing_the_server_ends_all_sessions_and_frees_the_port()
    {
        var server = TestServer.Start();
        var camera = server.Add(new CameraOptions { Number = 1 });
        using var client = await RtspTestClient.Play(camera);
        await server.DisposeAsync();
        await client.ReadToEnd();
        Assert.Equal(0, server.Sessions.Playing);

        await using var again = CameraServer.Start(TestServer.Options with { Port = server.Port });
        Assert.Equal(server.Port, again.Port);
    }

    [Fact]
    public async Task Bad_options_are_refused_with_every_reason()
    {
        await using var server = TestServer.Start();
        var problem = Assert.Throws<ArgumentException>(() => server.Add(new CameraOptions { Number = 0, Width = 3, FrameRate = 0 })).Message;
        Assert.Contains("number must be", problem, StringComparison.Ordinal);
        Assert.Contains("width must be", problem, StringComparison.Ordinal);
        Assert.Contains("fps must be", problem, StringComparison.Ordinal);
        server.Add(new CameraOptions { Number = 1 });
        Assert.Contains("is there already", Assert.Throws<ArgumentException>(() => server.Add(new CameraOptions { Number = 1 })).Message, StringComparison.Ordinal);
    }
}
