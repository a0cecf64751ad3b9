using OrleansRecorder.Captures;
using OrleansRecorder.Media.Rtsp;
using OrleansRecorder.Media.Rtsp.Messages;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Tests.Rtsp;

public sealed class HandshakeTests
{
    private readonly ScriptedCamera _camera = new();

    [Fact]
    public void A_plain_camera_plays_after_five_requests()
    {
        var talk = new Talk(_camera, "rtsp://admin:secret@10.0.0.1:8554/live?a=1").Run();

        Assert.True(talk.Dialogue.IsPlaying);
        Assert.Equal(new RtspTarget("10.0.0.1", 8554, false), Assert.Single(talk.Targets));
        Assert.Equal(
            [
                "OPTIONS rtsp://10.0.0.1:8554/live?a=1 RTSP/1.0", "DESCRIBE rtsp://10.0.0.1:8554/live?a=1 RTSP/1.0",
                "SETUP rtsp://10.0.0.1:8554/live?a=1/trackID=0 RTSP/1.0", "SETUP rtsp://10.0.0.1:8554/live?a=1/trackID=1 RTSP/1.0", "PLAY rtsp://10.0.0.1:8554/live?a=1 RTSP/1.0",
            ],
            talk.Requests.Select(request => request.Line));
        Assert.Equal(["1", "2", "3", "4", "5"], talk.Requests.Select(request => request["CSeq"]));
        Assert.All(talk.Requests, request => Assert.Equal("OrleansRecorder", request["User-Agent"])); // S20
        Assert.DoesNotContain(talk.Requests, request => request.Text.Contains("Require", StringComparison.Ordinal) || request.Text.Contains("secret", StringComparison.Ordinal)); // S21
        Assert.Equal("npt=0.000-", talk.Sent("PLAY")["Range"]); // S44
        Assert.Equal(["RTP/AVP/TCP;unicast;interleaved=0-1", "RTP/AVP/TCP;unicast;interleaved=2-3"], talk.Requests.Where(r => r.Method == "SETUP").Select(r => r["Transport"]));
        Assert.Equal(["H264", "PCMA"], talk.Tracks.Select(track => track.Media.Encoding));
        Assert.Equal(1, talk.TimesPrepared);
    }

    [Theory] // S50, S13: as it is written
    [InlineData("rtsp://10.0.0.1/Streaming/Channels/101")]
    [InlineData("rtsp://10.0.0.1/h264/ch1/main/av_stream")]
    [InlineData("rtsp://10.0.0.1/cam/realmonitor?channel=1&subtype=0")]
    [InlineData("rtsp://10.0.0.1/rtp/34020000001320000001")]
    [InlineData("rtsp://10.0.0.1/openUrl/7lvdLj2?beginTime=20260101T000000")]
    [InlineData("rtsp://10.0.0.1/a/../b/%7E%41.smil?x=%20")]
    [InlineData("rtsp://Camera1/")]
    [InlineData("rtsp://10.0.0.1")]
    public void The_address_goes_out_byte_for_byte(string url) => Assert.Equal($"DESCRIBE {url} RTSP/1.0", new Talk(_camera, url).Run().Sent("DESCRIBE").Line);

    [Fact]
    public void Chinese_letters_go_out_as_utf_8() =>
        Assert.Equal("rtsp://10.0.0.1/通道1", System.Text.Encoding.UTF8.GetString(System.Text.Encoding.Latin1.GetBytes(new Talk(_camera, "rtsp://10.0.0.1/通道1").Run().Sent("DESCRIBE").Url)));

    [Theory] // S01, S04, S05, S06, S07
    [InlineData("rtsp://10.0.0.1/stream/", "rtsp://10.0.0.1/stream/trackID=0", "rtsp://10.0.0.1/stream/")]
    [InlineData("10.0.0.1:554/stream0/", "rtsp://10.0.0.1:554/stream0/trackID=0", "rtsp://10.0.0.1:554/stream0/")]
    [InlineData("/stream/", "rtsp://10.0.0.1/stream/trackID=0", "rtsp://10.0.0.1/stream/")]
    [InlineData("  ", "rtsp://10.0.0.1/live/trackID=0", "rtsp://10.0.0.1/live")]
    [InlineData("rtsp://125.74.52.26/openUrl/x", "rtsp://125.74.52.26/openUrl/x/trackID=0", "rtsp://125.74.52.26/openUrl/x")]
    public void Tracks_are_relative_to_the_base_that_the_server_names(string contentBase, string setup, string play)
    {
        _camera.ContentBase = contentBase;
        var talk = new Talk(_camera).Run();

        Assert.Equal(setup, talk.Requests.First(r => r.Method == "SETUP").Url);
        Assert.Equal(play, talk.Sent("PLAY").Url);
        Assert.All(talk.Targets, target => Assert.Equal("10.0.0.1", target.Host));
    }

    [Fact] // S04
    public void Content_location_is_second_best()
    {
        _camera.On("DESCRIBE", $"200 OK\nContent-Location: rtsp://10.0.0.1/there\n\n{ScriptedCamera.PlainSdp}");
        Assert.Equal("rtsp://10.0.0.1/there/trackID=0", new Talk(_camera).Run().Requests.First(r => r.Method == "SETUP").Url);
    }

    [Fact] // S05
    public void An_absolute_control_of_the_session_is_the_address_of_all()
    {
        _camera.Sdp = ScriptedCamera.PlainSdp.Replace("a=control:*", "a=control:rtsp://127.0.0.1/h264dvr/", StringComparison.Ordinal);
        var talk = new Talk(_camera).Run();

        Assert.Equal(("rtsp://127.0.0.1/h264dvr/", "rtsp://127.0.0.1/h264dvr/trackID=1"), (talk.Sent("PLAY").Url, talk.Sent("SETUP").Url));
    }

    [Theory] // S07
    [InlineData("400 Bad Request")]
    [InlineData("404 Not Found")]
    [InlineData("454 Session Not Found")]
    public void A_track_behind_a_query_is_tried_in_front_of_it(string refusal)
    {
        _camera.ContentBase = "rtsp://10.0.0.1/cam/realmonitor?channel=1&proto=Onvif/";
        _camera.When("SETUP", request => request.Url.Contains("Onvif/", StringComparison.Ordinal) ? refusal : null);
        var talk = new Talk(_camera).Run();

        Assert.True(talk.Dialogue.IsPlaying);
        Assert.Equal("OPTIONS DESCRIBE SETUP SETUP SETUP SETUP PLAY", talk.Methods);
        Assert.Equal("rtsp://10.0.0.1/cam/realmonitor/trackID=1?channel=1&proto=Onvif", talk.Sent("SETUP").Url);
    }

    [Theory] // S19
    [InlineData("404 Not Found")]
    [InlineData("405 Method Not Allowed")]
    [InlineData("501 Not Implemented")]
    [InlineData("403 Forbidden")]
    [InlineData("503 Service Unavailable")]
    public void What_the_server_thinks_of_options_is_ignored(string reply)
    {
        _camera.Always("OPTIONS", reply);
        Assert.True(new Talk(_camera).Run().Dialogue.IsPlaying);
    }

    [Fact] // S19
    public void A_server_that_hangs_up_on_options_is_not_asked_again()
    {
        _camera.Always("OPTIONS", ScriptedCamera.HangUp);
        var talk = new Talk(_camera).Run();

        Assert.True(talk.Dialogue.IsPlaying);
        Assert.Equal("OPTIONS DESCRIBE SETUP SETUP PLAY", talk.Methods);
    }

    [Theory] // S19
    [InlineData(45, 4)]
    [InlineData(6, 2)]
    public void A_server_that_does_not_answer_options_is_soon_asked_without(int connectionTimeout, double patience)
    {
        _camera.Always("OPTIONS", ScriptedCamera.Silence);
        var talk = new Talk(_camera, connectionTimeout: connectionTimeout).Run();
        talk.Pass(patience - 0.2);
        Assert.Equal("OPTIONS", talk.Methods);
        talk.Pass(0.4);

        Assert.True(talk.Dialogue.IsPlaying);
        Assert.Equal("OPTIONS DESCRIBE SETUP SETUP PLAY", talk.Methods);
    }

    [Fact]
    public void A_server_that_answers_nothing_has_the_connection_timeout()
    {
        foreach (var method in new[] { "OPTIONS", "DESCRIBE" }) _camera.Always(method, ScriptedCamera.Silence);
        var talk = new Talk(_camera, connectionTimeout: 6).Run();
        talk.Pass(5.8);
        Assert.Null(talk.Dialogue.Outcome);
        talk.Pass(0.3);

        Assert.Equal((CaptureCause.ConnectTimeout, 2, "OPTIONS DESCRIBE"), (talk.Cause, talk.Targets.Count, talk.Methods));
    }

    [Fact]
    public void A_server_that_hangs_up_on_everything_is_tried_twice()
    {
        _camera.Always("OPTIONS", ScriptedCamera.HangUp);
        _camera.Always("DESCRIBE", ScriptedCamera.HangUp);
        var talk = new Talk(_camera).Run();

        Assert.Equal((CaptureCause.Disconnected, 2, "OPTIONS DESCRIBE"), (talk.Cause, talk.Targets.Count, talk.Methods));
    }

    [Theory] // S22, S23
    [InlineData("552129ED;timeout=65", "552129ED")]
    [InlineData("   552129ED ; timeout=60  ", "552129ED")]
    [InlineData("a-b.c$d;Timeout=15;x", "a-b.c$d")]
    public void The_session_goes_back_without_its_parameters(string header, string id)
    {
        _camera.Session = header;
        var talk = new Talk(_camera).Run();
        talk.Pass(35, withMedia: true);

        Assert.Equal(id, talk.Sent("PLAY")["Session"]);
        Assert.Equal(id, talk.Sent("GET_PARAMETER")["Session"]);
    }

    [Fact] // S37
    public void Lines_may_end_in_LF_and_replies_lack_a_number()
    {
        _camera.LineEnd = "\n";
        _camera.On("OPTIONS", "200 OK\n(no CSeq)");
        _camera.On("SETUP", "200 OK\ncseq:   {cseq}  \nsession: 7\ntransport: RTP/AVP/TCP;unicast;interleaved=0-1");
        _camera.On("PLAY", "200 OK\n(no CSeq)");

        Assert.True(new Talk(_camera).Run().Dialogue.IsPlaying);
    }

    [Theory] // S37
    [InlineData(-1)]
    [InlineData(1)]
    public void Numbers_may_be_off_by_one(int offset)
    {
        foreach (var method in new[] { "OPTIONS", "DESCRIBE", "SETUP", "PLAY" })
        {
            _camera.When(method, request => method switch
            {
                "DESCRIBE" => $"200 OK\nCSeq: {Number(request)}\n\n{ScriptedCamera.PlainSdp}",
                "SETUP" => $"200 OK\nCSeq: {Number(request)}\nSession: 1\nTransport: {request["Transport"]}",
                _ => $"200 OK\nCSeq: {Number(request)}",
            });
        }

        Assert.True(new Talk(_camera).Run().Dialogue.IsPlaying);

        int Number(SentRequest request) => int.Parse(request["CSeq"]!, System.Globalization.CultureInfo.InvariantCulture) + offset;
    }

    [Fact] // S37
    public void A_refusal_that_is_said_twice_counts_once()
    {
        _camera.On("DESCRIBE", "401 Unauthorized\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\n\nRTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n\r\n".Replace("\n\nRTSP", "\nContent-Length: 0\n\nRTSP", StringComparison.Ordinal));

        Assert.True(new Talk(_camera, "rtsp://u:p@10.0.0.1/live").Run().Dialogue.IsPlaying);
    }

    [Theory] // R11
    [InlineData("RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=1A2B3C4D;mode=\"PLAY\"", 0x1A2B3C4Du)]
    [InlineData("RTP/AVP/TCP;unicast; SSRC = \"d6d6627\" ;interleaved=0-1", 0xD6D6627u)]
    [InlineData("RTP/AVP/TCP;interleaved=0-1;ssrc=0000ffff,RTP/AVP;ssrc=1", 0xFFFFu)]
    [InlineData("RTP/AVP;unicast;server_port=1-2;ssrc=FFFFFFFF", 0xFFFFFFFFu)]
    [InlineData("RTP/AVP/TCP;interleaved=0-1;ssrc=", null)]
    [InlineData("RTP/AVP/TCP;interleaved=0-1;ssrc=-1", null)]
    [InlineData("RTP/AVP/TCP;interleaved=0-1;ssrc=123456789", null)]
    [InlineData("RTP/AVP/TCP;interleaved=0-1", null)]
    public void The_source_of_the_reply_is_noted(string transport, uint? ssrc) =>
        Assert.Equal(ssrc, TransportHeader.Read(transport, isInterleaved: true, 0).Ssrc);

    [Theory] // S28, S30
    [InlineData("RTP/AVP/TCP;unicast;interleaved=4-5", 4, 5)]
    [InlineData("RTP/AVP/TCP;interleaved=1-0;unicast", 1, 0)]
    [InlineData("RTP/AVP/TCP;unicast;interleaved=7", 7, 8)]
    [InlineData("RTP/AVP/TCP; unicast ; ssrc= d6d6627; INTERLEAVED = 2 - 3 ;mode=\"PLAY\"", 2, 3)]
    [InlineData("RTP/AVP;unicast;interleaved=0-1", 0, 1)]
    [InlineData("RTP/AVP/TCP;unicast;ssrc=xyz", 0, 1)]
    [InlineData("RTP/AVP/TCP;interleaved=900-901", 0, 1)]
    [InlineData("", 0, 1)]
    public void The_channels_are_those_of_the_reply(string transport, byte rtp, byte rtcp)
    {
        _camera.Sdp = "m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000";
        _camera.Always("SETUP", $"200 OK\nSession: 1\nTransport: {transport}");
        var talk = new Talk(_camera).Run();
        talk.HearPacket(rtp, Interleaved.Rtp("picture"));
        talk.HearPacket(rtcp, Interleaved.Rtcp(200));
        talk.HearPacket(rtp, Interleaved.Rtcp(203));

        Assert.Equal(["0 " + Interleaved.Rtp("picture"), "0 rtcp " + Interleaved.Rtcp(200), "0 rtcp " + Interleaved.Rtcp(203)], talk.Packets);
    }

    [Fact] // S28
    public void Tracks_on_the_same_channel_are_told_apart_by_their_payload_types()
    {
        _camera.Always("SETUP", "200 OK\nSession: 1\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1");
        var talk = new Talk(_camera).Run();
        talk.HearPacket(0, Interleaved.Rtp("sound", payloadType: 8));
        talk.HearPacket(0, Interleaved.Rtp("picture", payloadType: 96 | 0x80));

        Assert.Equal(["1 " + Interleaved.Rtp("sound", 8), "0 " + Interleaved.Rtp("picture", 96 | 0x80)], talk.Packets);
    }

    [Fact] // S33
    public void Packets_before_the_reply_to_play_come_first()
    {
        var first = Interleaved.Frame(0, Interleaved.Rtp("key frame"));
        var second = Interleaved.Frame(2, Interleaved.Rtp("sound", 8));
        _camera.When("SETUP", request => request["Session"] is null ? null : $"{first}RTSP/1.0 200 OK\nTransport: {request["Transport"]}");
        _camera.On("PLAY", $"{second}{first}RTSP/1.0 200 OK");
        var talk = new Talk(_camera).Run();
        talk.HearPacket(0, Interleaved.Rtp("next"));

        Assert.Equal(["0 " + Interleaved.Rtp("key frame"), "1 " + Interleaved.Rtp("sound", 8), "0 " + Interleaved.Rtp("key frame"), "0 " + Interleaved.Rtp("next")], talk.Packets);
    }

    [Fact] // S34
    public void Packets_on_other_channels_are_counted_and_left()
    {
        var talk = new Talk(_camera).Run();
        talk.HearPacket(9, Interleaved.Rtp("metadata"));

        Assert.Empty(talk.Packets);
        Assert.Equal(1, talk.Dialogue.StrayPackets);
        Assert.True(talk.Dialogue.IsPlaying);
    }

    [Theory] // S38
    [InlineData("")]
    [InlineData("\nContent-Type: application/sdp;charset=utf-8")]
    [InlineData("\nContent-Type: text/html")]
    public void The_type_of_a_description_does_not_matter(string header)
    {
        _camera.On("DESCRIBE", $"200 OK{header}\n\n{ScriptedCamera.PlainSdp}");
        Assert.True(new Talk(_camera).Run().Dialogue.IsPlaying);
    }

    [Fact]
    public void Sound_that_is_refused_does_not_cost_the_picture()
    {
        _camera.When("SETUP", request => request.Url.EndsWith('1') ? "500 Internal Server Error" : null);
        var talk = new Talk(_camera).Run();

        Assert.True(talk.Dialogue.IsPlaying);
        Assert.Equal("video", Assert.Single(talk.Tracks).Media.Kind);
        Assert.Equal(new LeftOutSound("PCMA", 500), talk.SoundLeftOut);
    }

    [Theory]
    [InlineData("m=audio 0 RTP/AVP 18\na=control:trackID=1", "G729")]
    [InlineData("m=audio 0 RTP/AVP 8\na=control:trackID=1", null)]
    [InlineData("m=application 0 RTP/AVP 98\na=rtpmap:98 vnd.onvif.metadata/90000\na=control:trackID=1", null)]
    public void It_is_told_which_sound_is_left_out_when_the_stream_plays(string media, string? codec)
    {
        _camera.Sdp = ScriptedCamera.PlainSdp[..ScriptedCamera.PlainSdp.IndexOf("m=audio", StringComparison.Ordinal)] + media;
        var talk = new Talk(_camera).Run();

        Assert.True(talk.Dialogue.IsPlaying);
        Assert.Equal(codec is null ? null : new LeftOutSound(codec), talk.SoundLeftOut);
    }

    [Fact] // S44
    public void A_server_that_knows_no_ranges_is_asked_without()
    {
        _camera.On("PLAY", "457 Invalid Range");
        var talk = new Talk(_camera).Run();

        Assert.True(talk.Dialogue.IsPlaying);
        Assert.Null(talk.Sent("PLAY")["Range"]);
    }

    [Fact]
    public void Replies_on_the_way_are_waited_out()
    {
        _camera.On("DESCRIBE", "100 Continue\n\nRTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 47\r\n\r\nm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\n  \n".Replace("100 Continue\n\n", "100 Continue\nContent-Length: 0\n\n", StringComparison.Ordinal));
        Assert.True(new Talk(_camera).Run().Dialogue.IsPlaying);
    }
}
