using OrleansRecorder.Captures;
using OrleansRecorder.Media.Rtsp;
using OrleansRecorder.Media.Sources;
using OrleansRecorder.Media.Tests.Support;

namespace OrleansRecorder.Media.Tests.Rtsp;

public sealed class SessionTests
{
    private readonly ScriptedCamera _camera = new();

    [Theory] // S23
    [InlineData("1", 30)]
    [InlineData("1;timeout=60", 30)]
    [InlineData("1; timeout=15", 7.5)]
    [InlineData("1;timeout=3", 2)]
    [InlineData("1;timeout=0", 30)]
    [InlineData("1;timeout=-5", 30)]
    [InlineData("1;timeout=x", 30)]
    [InlineData("1;timeout=999999", 30)]
    public void The_session_is_kept_alive_at_half_its_timeout(string session, double interval)
    {
        _camera.Session = session;
        var talk = new Talk(_camera).Run();
        var count = 0;
        for (var i = 1; i <= 4; i++)
        {
            talk.Pass(interval - 0.2, withMedia: true);
            Assert.Equal(count, talk.Requests.Count(request => request.Method == "GET_PARAMETER"));
            talk.Pass(0.2, withMedia: true);
            Assert.Equal(++count, talk.Requests.Count(request => request.Method == "GET_PARAMETER"));
        }

        Assert.Equal(("rtsp://10.0.0.1/live", "1"), (talk.Sent("GET_PARAMETER").Url, talk.Sent("GET_PARAMETER")["Session"])); // S25
    }

    [Fact] // S23
    public void A_timeout_that_only_the_reply_to_setup_says_holds_for_good()
    {
        _camera.When("SETUP", request => $"200 OK\nSession: 1;timeout=10\nTransport: {request["Transport"]}");
        _camera.Session = "1";
        var talk = new Talk(_camera).Run();
        talk.Pass(31, withMedia: true);

        Assert.Equal(6, talk.Requests.Count(request => request.Method == "GET_PARAMETER"));
    }

    [Theory] // S24
    [InlineData(null, "OPTIONS")]
    [InlineData("OPTIONS, DESCRIBE, SETUP, PLAY, get_parameter", "GET_PARAMETER")]
    [InlineData("DESCRIBE SETUP PLAY SET_PARAMETER", "OPTIONS")]
    public void The_method_is_one_that_the_server_knows(string? methods, string method)
    {
        _camera.Always("OPTIONS", methods is null ? "200 OK" : $"200 OK\nPublic: {methods}");
        var talk = new Talk(_camera).Run();
        talk.Pass(31, withMedia: true);

        Assert.Equal(method, talk.Requests[^1].Method);
    }

    [Theory] // S24, S51
    [InlineData("454 Session Not Found")]
    [InlineData("400 Bad Request\nCSeq: 3")]
    [InlineData("403 Forbidden")]
    [InlineData("302 Moved\nLocation: rtsp://10.0.0.9/")]
    [InlineData("503 Service Unavailable")]
    [InlineData("RTSP/1.0 0")]
    [InlineData("RTSP/1.0 OK")]
    [InlineData(ScriptedCamera.Silence)]
    public void Nothing_that_is_said_to_a_keep_alive_ends_the_stream(string reply)
    {
        _camera.Always("GET_PARAMETER", reply);
        var talk = new Talk(_camera).Run();
        talk.Pass(400, withMedia: true);

        Assert.True(talk.Dialogue.IsPlaying);
        Assert.Equal(13, talk.Requests.Count(request => request.Method == "GET_PARAMETER"));
        talk.Dialogue.Close(Ends.Stopped, talk.Now);
        talk.Pass(0.1);
        Assert.True(talk.Dialogue.IsOver);
    }

    [Fact] // S24
    public void A_server_that_does_not_know_get_parameter_after_all_gets_options()
    {
        _camera.Always("GET_PARAMETER", "501 Not Implemented");
        var talk = new Talk(_camera).Run();
        _camera.Always("OPTIONS", "200 OK");
        talk.Pass(61, withMedia: true);

        Assert.EndsWith("PLAY GET_PARAMETER OPTIONS", talk.Methods, StringComparison.Ordinal);
    }

    [Fact] // S24
    public void A_server_that_goes_on_to_list_get_parameter_still_gets_options()
    {
        _camera.Always("GET_PARAMETER", "501 Not Implemented");
        var talk = new Talk(_camera).Run();
        talk.Pass(95, withMedia: true);

        Assert.EndsWith("PLAY GET_PARAMETER OPTIONS OPTIONS", talk.Methods, StringComparison.Ordinal);
    }

    [Fact] // S24
    public void Packets_after_a_reply_of_nonsense_are_all_there()
    {
        var talk = new Talk(_camera).Run();
        talk.Hear("RTSP/1.0 0\r\nCSeq: 9\r\n\r\n" + string.Concat(Enumerable.Range(0, 3).Select(i => Interleaved.Frame(0, Interleaved.Rtp($"p{i}")))));

        Assert.Equal(["p0", "p1", "p2"], talk.Packets.Select(packet => packet[^2..]));
        Assert.True(talk.Dialogue.IsPlaying);
    }

    [Fact] // S45
    public void Requests_of_the_server_are_answered()
    {
        var talk = new Talk(_camera).Run();
        talk.Hear("OPTIONS * RTSP/1.0\r\nCSeq: 77\r\n\r\n");
        talk.Hear("SET_PARAMETER rtsp://x RTSP/1.0\nCSeq: 78\nContent-Length: 4\n\nab\r\n");
        talk.Hear("ANNOUNCE rtsp://x RTSP/1.0\r\n\r\n");

        Assert.Equal(
            ["RTSP/1.0 200 OK\r\nCSeq: 77\r\nSession: 12345678\r\n", "RTSP/1.0 501 Not Implemented\r\nCSeq: 78\r\nSession: 12345678\r\n", "RTSP/1.0 501 Not Implemented\r\nSession: 12345678\r\n"],
            talk.Requests.TakeLast(3).Select(request => request.Text));
        Assert.True(talk.Dialogue.IsPlaying);
    }

    [Fact]
    public void A_flood_of_requests_is_not_answered_in_full()
    {
        var talk = new Talk(_camera).Run();
        for (var i = 0; i < 1000; i++) talk.Hear("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n");
        Assert.Equal(10, talk.Requests.Count(request => request.Line.StartsWith("RTSP/1.0 200", StringComparison.Ordinal)));
        talk.Pass(1, withMedia: true);
        talk.Hear("OPTIONS * RTSP/1.0\r\nCSeq: 2\r\n\r\n");
        Assert.Equal("2", talk.Requests[^1]["CSeq"]);
    }

    [Theory] // S51
    [InlineData("200 OK")]
    [InlineData("RTSP/1.0 0")]
    [InlineData("454 Session Not Found")]
    [InlineData("401 Unauthorized")]
    [InlineData(ScriptedCamera.HangUp)]
    public void Teardown_goes_out_once_and_any_outcome_closes(string reply)
    {
        _camera.Always("TEARDOWN", reply);
        var talk = new Talk(_camera).Run();
        talk.Dialogue.Close(Ends.Stopped, talk.Now);
        talk.Dialogue.Close(new Media.Sources.SourceEnd(CaptureCause.Internal, LocalizedText.Empty), talk.Now);
        Assert.Equal((true, false), (talk.Dialogue.Outcome is not null, talk.Dialogue.IsOver));
        talk.Hear(Interleaved.Frame(0, Interleaved.Rtp("late")));

        Assert.True(talk.Dialogue.IsOver);
        Assert.Equal((1, CaptureCause.Stopped), (talk.Requests.Count(request => request.Method == "TEARDOWN"), talk.Cause!.Value));
        Assert.Equal(("rtsp://10.0.0.1/live", "12345678"), (talk.Sent("TEARDOWN").Url, talk.Sent("TEARDOWN")["Session"]));
        Assert.Empty(talk.Packets);
    }

    [Fact] // S51
    public void Teardown_is_waited_for_no_longer_than_2_s_while_media_goes_on()
    {
        _camera.Always("TEARDOWN", ScriptedCamera.Silence);
        var talk = new Talk(_camera).Run();
        talk.Dialogue.Close(Ends.Stopped, talk.Now);
        for (var i = 0; i < 14; i++)
        {
            talk.HearPacket(0, Interleaved.Rtp("late"));
            talk.Pass(0.1);
            Assert.False(talk.Dialogue.IsOver);
        }

        talk.Pass(0.2);
        Assert.True(talk.Dialogue.IsOver);
        Assert.Empty(talk.Packets);
    }

    [Theory]
    [InlineData("OPTIONS", 0)]
    [InlineData("DESCRIBE", 0)]
    [InlineData("PLAY", 1)]
    public void A_stop_in_the_middle_ends_the_session_if_there_is_one(string silent, int teardowns)
    {
        _camera.Always(silent, ScriptedCamera.Silence);
        var talk = new Talk(_camera).Run();
        talk.Dialogue.Close(Ends.Stopped, talk.Now);
        talk.Pass(0.1);

        Assert.True(talk.Dialogue.IsOver);
        Assert.Equal((CaptureCause.Stopped, teardowns), (talk.Cause!.Value, talk.Requests.Count(request => request.Method == "TEARDOWN")));
    }

    [Fact]
    public void A_stop_during_setup_waits_for_the_session_to_end_it()
    {
        _camera.Always("SETUP", ScriptedCamera.Silence);
        var talk = new Talk(_camera).Run();
        talk.Dialogue.Close(Ends.Stopped, talk.Now);
        Assert.False(talk.Dialogue.IsOver);
        talk.Hear("RTSP/1.0 200 OK\r\nCSeq: 3\r\nSession: 55\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n");

        Assert.Equal("55", talk.Sent("TEARDOWN")["Session"]);
        Assert.True(talk.Dialogue.IsOver);
    }

    [Fact]
    public void When_no_more_is_wanted_the_dialogue_closes()
    {
        var talk = new Talk(_camera).Run();
        talk.WantsMore = false;
        talk.Hear(Interleaved.Frame(0, Interleaved.Rtp("last")) + Interleaved.Frame(0, Interleaved.Rtp("too late")));

        Assert.Equal((CaptureCause.DurationReached, 1, true), (talk.Cause!.Value, talk.Packets.Count, talk.Dialogue.IsOver));
        Assert.Equal("TEARDOWN", talk.Requests[^1].Method);
    }

    [Fact]
    public void Packets_through_the_whole_dialogue_cost_no_memory()
    {
        var talk = new CountingTalk();
        var packet = System.Text.Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(Interleaved.Frame(0, Interleaved.Rtp(new string('p', 1000))), 100)));
        var received = 0;
        var allocated = Allocations.Of(() =>
        {
            var before = talk.Packets;
            for (var i = 0; i < 100; i++) talk.Receive(packet);
            received = talk.Packets - before;
        });

        Assert.Equal((0L, 10_000), (allocated, received));
    }

    /// <summary>A dialogue that plays, and whose events allocate nothing themselves.</summary>
    private sealed class CountingTalk : IRtspEvents, IRtspWire
    {
        private readonly RtspDialogue _dialogue;

        public CountingTalk()
        {
            Assert.True(StreamUrl.TryParse("rtsp://10.0.0.1/live", out var url));
            var journey = new RtspJourney(new Media.Sources.SourceRequest(url, TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60)), this);
            journey.Begin(TimeSpan.Zero);
            _dialogue = journey.Converse(this);
            _dialogue.Start(TimeSpan.Zero);
            foreach (var reply in new[] { "", "Content-Length: 46\r\n\r\nm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000   ", "Session: 1\r\n\r\n", "\r\n" })
            {
                Receive(System.Text.Encoding.Latin1.GetBytes("RTSP/1.0 200 OK\r\n" + reply + (reply.Length == 0 ? "\r\n" : "")));
            }

            Assert.True(_dialogue.IsPlaying);
        }

        public int Packets { get; private set; }

        public void Receive(byte[] data) => Assert.True(_dialogue.Receive(data, TimeSpan.Zero) == data.Length);

        public void Send(ReadOnlySpan<byte> data)
        {
        }

        public (int Rtp, int Rtcp)? OpenUdp(int track) => null;

        public bool Supports(MediaDescription media) => true;

        public void OnPrepared(IReadOnlyList<RtspTrack> tracks)
        {
        }

        public void OnPlaying(IReadOnlyList<RtspTrack> tracks)
        {
        }

        public void OnSoundLeftOut(LeftOutSound sound)
        {
        }

        public bool OnPacket(int track, bool isControl, ReadOnlySpan<byte> packet, TimeSpan now)
        {
            Packets++;
            return true;
        }
    }
}
