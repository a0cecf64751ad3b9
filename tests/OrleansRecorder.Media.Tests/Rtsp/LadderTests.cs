using OrleansRecorder.Captures;
using OrleansRecorder.Media.Rtsp;

namespace OrleansRecorder.Media.Tests.Rtsp;

public sealed class LadderTests
{
    private readonly ScriptedCamera _camera = new();

    [Theory] // S31
    [InlineData("461 Unsupported Transport")]
    [InlineData("406 Not Acceptable")]
    [InlineData("551 Option not supported")]
    [InlineData("200 OK\nSession: 9\nTransport: RTP/AVP;unicast;client_port=50000-50001;server_port=6970-6971")]
    [InlineData("200 OK\nSession: 9\nTransport: RTP/AVP/UDP;unicast")]
    [InlineData("200 OK\nSession: 9\nTransport: RTP/AVP;multicast;destination=239.1.1.1;port=5000-5001")]
    public void Who_refuses_tcp_is_asked_for_udp_on_a_new_connection(string refusal)
    {
        _camera.When("SETUP", request => request["Transport"]!.Contains("TCP", StringComparison.Ordinal) ? refusal : null);
        var talk = new Talk(_camera).Run();

        Assert.True(talk.Dialogue.IsPlaying);
        Assert.Equal(refusal.StartsWith("200", StringComparison.Ordinal) ? "OPTIONS DESCRIBE SETUP TEARDOWN" : "OPTIONS DESCRIBE SETUP", string.Join(' ', talk.Requests.Where(r => r.Connection == 1).Select(r => r.Method)));
        Assert.Equal("OPTIONS DESCRIBE SETUP SETUP PLAY", string.Join(' ', talk.Requests.Where(r => r.Connection == 2).Select(r => r.Method)));
        Assert.Equal("RTP/AVP;unicast;client_port=50002-50003", talk.Sent("SETUP")["Transport"]);
        Assert.All(talk.Tracks, track => Assert.Equal((false, (6970, 6971)), (track.Transport.IsInterleaved, track.Transport.ServerPorts!.Value)));
    }

    [Theory] // S32, S52
    [InlineData("RTP/AVP;unicast;client_port=1-2;server_port=0-1", null, null)]
    [InlineData("RTP/AVP;unicast;client_port=1-2", null, null)]
    [InlineData("RTP/AVP;unicast;destination=10.0.0.9;port=1234-1235", 1234, null)]
    [InlineData("RTP/AVP/UDP;unicast;source=10.0.0.7;server_port=6000", 6000, "10.0.0.7")]
    [InlineData("RTP/AVP;unicast;source=0.0.0.0;server_port=99999-100000", null, null)]
    [InlineData("RTP/AVP;unicast;source=camera.local;server_port=x-y", null, null)]
    public void Of_udp_the_server_says_what_it_wants(string transport, int? port, string? source)
    {
        _camera.When("SETUP", request => request["Transport"]!.Contains("TCP", StringComparison.Ordinal) ? "461 No" : $"200 OK\nSession: 9\nTransport: {transport}");
        var track = new Talk(_camera).Run().Tracks[0];

        Assert.Equal((port, source), (track.Transport.ServerPorts?.Rtp, track.Transport.Source?.ToString()));
    }

    [Fact]
    public void Who_refuses_both_ends_it()
    {
        _camera.Always("SETUP", "461 Unsupported Transport");
        var talk = new Talk(_camera).Run();

        Assert.Equal((CaptureCause.Negotiation, 2, false), (talk.Cause, talk.Targets.Count, talk.Dialogue.Outcome!.ConnectAgain));
        Assert.Contains("TCP", talk.Dialogue.Outcome.End.Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_encrypted_does_not_go_over_udp()
    {
        _camera.Always("SETUP", "461 Unsupported Transport");
        var talk = new Talk(_camera, "rtsps://10.0.0.1/live").Run();

        Assert.Equal(new RtspTarget("10.0.0.1", 322, true), Assert.Single(talk.Targets));
        Assert.Equal(CaptureCause.Negotiation, talk.Cause);
    }

    [Fact] // S32
    public void Udp_that_is_silent_for_3_s_falls_back_to_tcp()
    {
        _camera.On("SETUP", "461 Unsupported Transport");
        var talk = new Talk(_camera).Run();
        Assert.False(talk.Tracks[0].Transport.IsInterleaved);
        talk.Pass(2.9);
        Assert.Equal(2, talk.Targets.Count);
        talk.Pass(0.5);

        Assert.Equal(3, talk.Targets.Count);
        Assert.True(talk.Dialogue.IsPlaying && talk.Tracks[0].Transport.IsInterleaved);
        Assert.Equal(1, talk.Requests.Count(request => request.Method == "TEARDOWN"));
        talk.Pass(11);
        Assert.Equal((CaptureCause.NoMedia, 3), (talk.Cause, talk.Targets.Count));
    }

    [Fact]
    public void Udp_that_is_silent_where_tcp_is_refused_has_no_media()
    {
        _camera.When("SETUP", request => request["Transport"]!.Contains("TCP", StringComparison.Ordinal) ? "461 No" : null);
        var talk = new Talk(_camera).Run();
        talk.Pass(4);

        Assert.Equal((CaptureCause.NoMedia, 3, false), (talk.Cause, talk.Targets.Count, talk.Dialogue.Outcome!.ConnectAgain));
    }

    [Fact]
    public void Udp_packets_are_delivered_and_told_from_rtcp()
    {
        _camera.When("SETUP", request => request["Transport"]!.Contains("TCP", StringComparison.Ordinal) ? "461 No" : null);
        var talk = new Talk(_camera).Run();
        talk.Dialogue.OnDatagram(0, System.Text.Encoding.Latin1.GetBytes(Interleaved.Rtp("picture")), talk.Now);
        talk.Dialogue.OnDatagram(1, System.Text.Encoding.Latin1.GetBytes(Interleaved.Rtcp(200)), talk.Now);

        Assert.Equal(["0 " + Interleaved.Rtp("picture"), "1 rtcp " + Interleaved.Rtcp(200)], talk.Packets);
    }

    [Fact] // S41
    public void Who_sends_nothing_is_asked_once_more_for_everything()
    {
        _camera.Sdp = ScriptedCamera.PlainSdp + "\nm=application 0 RTP/AVP 107\na=control:trackID=2\na=rtpmap:107 vnd.onvif.metadata/90000";
        var talk = new Talk(_camera).Run();
        Assert.Equal(2, talk.Tracks.Count);
        talk.Pass(10.5);

        Assert.True(talk.Dialogue.IsPlaying);
        Assert.Equal([true, true, false], talk.Tracks.Select(track => track.IsRecorded));
        Assert.Equal("RTP/AVP/TCP;unicast;interleaved=4-5", talk.Sent("SETUP")["Transport"]);
        talk.Pass(10.5);
        Assert.Equal((CaptureCause.NoMedia, 2), (talk.Cause, talk.Targets.Count));
    }

    [Fact]
    public void Without_udp_ports_of_our_own_it_is_our_fault()
    {
        _camera.When("SETUP", request => request["Transport"]!.Contains("TCP", StringComparison.Ordinal) ? "461 No" : null);
        Assert.Equal(CaptureCause.Internal, new Talk(_camera) { HasUdpPorts = false }.Run().Cause);
    }
}
