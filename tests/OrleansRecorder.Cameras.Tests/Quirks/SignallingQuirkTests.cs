using System.Net.Sockets;

namespace OrleansRecorder.Cameras.Tests.Quirks;

/// <inheritdoc cref="PacketQuirkTests"/>
public sealed class SignallingQuirkTests : IAsyncLifetime
{
    private readonly WireLog _wire = new();
    private readonly CameraServer _server;
    private int _number;

    public SignallingQuirkTests() => _server = CameraServer.Start(TestServer.Options with { Wire = _wire });

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task All_challenges_come_in_their_order_in_a_header_each_or_in_one()
    {
        var login = new LoginQuirks { Offers = [CameraAuthentication.Basic, CameraAuthentication.DigestSha256], Realm = "a, b" };
        Assert.Equal(2, (await Challenge(login)).Split("WWW-Authenticate: ").Length - 1);

        var one = await Challenge(login with { InOneHeader = true });
        Assert.Equal(1, one.Split("WWW-Authenticate: ").Length - 1);
        Assert.Contains("Basic realm=\"a, b\", Digest realm=\"a, b\"", one, StringComparison.Ordinal);
        Assert.Contains("algorithm=SHA-256", one, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Media_comes_before_the_answer_to_PLAY()
    {
        var camera = await Camera(new CameraQuirks { Transport = new TransportQuirks { EarlyMedia = TimeSpan.FromMilliseconds(300), JunkChannel = 9 } });
        using var client = await RtspTestClient.Connect(camera);
        await client.SetUp();
        await client.Write($"PLAY {camera.Address} RTSP/1.0\r\nCSeq: 99\r\nSession: {client.Session}\r\n\r\n");
        List<RtspTestClient.Packet> early = [];
        for (var i = 0; i < 10; i++) early.Add(await client.ReadPacket());
        Assert.Equal("99", (await client.ReadReply())["CSeq"]);
        Assert.Contains(early, p => p.Channel == 9);
        Assert.Contains(early, p => p.Channel == 0 && p.NalType == 24);
    }

    [Fact]
    public async Task What_is_sent_in_pieces_is_the_same()
    {
        var camera = await Camera(new CameraQuirks { Replies = new ReplyQuirks { SendsInPieces = true } });
        using var client = await RtspTestClient.Play(camera);
        var video = (await client.ReadUntil(packets => Pictures(packets) == 45)).Where(p => p.Channel == 0).ToList();
        Assert.Equal(45, Pictures(video));
        Assert.All(video.Zip(video.Skip(1)), pair => Assert.Equal((ushort)(pair.First.Sequence + 1), pair.Second.Sequence));

        static int Pictures(List<RtspTestClient.Packet> packets) => packets.Where(p => p.Channel == 0).Select(p => p.Timestamp).Distinct().Count();
    }

    [Fact]
    public async Task Only_GET_PARAMETER_keeps_a_session_that_asks_for_it()
    {
        var quirks = new CameraQuirks { Session = new SessionQuirks { Timeout = TimeSpan.FromSeconds(1), NeedsGetParameter = true, IsStrict = true } };
        using var kept = await RtspTestClient.Play(await Camera(quirks));
        using var lost = await RtspTestClient.Play(await Camera(quirks));
        for (var i = 0; i < 5; i++)
        {
            await kept.ReadFor(0.3);
            Assert.Equal(200, (await kept.Send("GET_PARAMETER")).Status);
        }

        Assert.Null(await lost.ReadToEnd());
        Assert.Equal(454, (await kept.Send("GET_PARAMETER", "", $"Session: {kept.Session};timeout=1")).Status);
    }

    [Fact]
    public async Task Keep_alives_meet_silence_or_a_refusal_and_TEARDOWN_a_reset()
    {
        using var refused = await RtspTestClient.Play(await Camera(new CameraQuirks { Session = new SessionQuirks { KeepAliveStatus = "454 Session Not Found", Teardown = TeardownStyle.Reset } }));
        Assert.Equal(454, (await refused.Send("GET_PARAMETER")).Status);
        await refused.Write($"TEARDOWN {refused.Url} RTSP/1.0\r\nCSeq: 9\r\nSession: {refused.Session}\r\n\r\n");
        Assert.Equal(SocketError.ConnectionReset, await refused.ReadToEnd());
    }

    [Fact]
    public async Task Transports_are_refused_and_channels_chosen()
    {
        using var client = await RtspTestClient.Connect(await Camera(new CameraQuirks { Transport = new TransportQuirks { RefusesTcp = true } }));
        Assert.Equal(461, (await client.Send("SETUP", "/track1", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1")).Status);

        using var other = await RtspTestClient.Connect(await Camera(new CameraQuirks { Transport = new TransportQuirks { FirstChannel = 5, NamesOneChannel = true } }));
        Assert.Contains("interleaved=5;", (await other.Send("SETUP", "/track1", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"))["Transport"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_of_the_wire_holds_connections_requests_and_frames()
    {
        var camera = await Camera(CameraQuirks.None);
        using (var client = await RtspTestClient.Play(camera)) await client.ReadFor(1);

        await TestServer.Until(() => _wire.Connections is [{ ClosedAt: not null }], "the connection ends");
        Assert.Equal(["DESCRIBE", "SETUP", "PLAY"], _wire.Requests.Select(r => r.Method));
        Assert.True(_wire.Frames[0].IsKey);
        Assert.All(_wire.Frames.Zip(_wire.Frames.Skip(1)), pair => Assert.Equal((pair.First.Index + 1) % camera.FramesPerLoop, pair.Second.Index));
    }

    private async Task<string> Challenge(LoginQuirks login)
    {
        using var client = await RtspTestClient.Connect(await Camera(new CameraQuirks { Login = login }, "admin"));
        return (await client.Send("DESCRIBE")).Header;
    }

    private async Task<Camera> Camera(CameraQuirks quirks, string? user = null)
    {
        var camera = _server.Add(new CameraOptions { Number = ++_number, Audio = AudioCodec.None, User = user, Password = "secret", Quirks = quirks });
        await camera.PrepareAsync();
        return camera;
    }
}
