using OrleansRecorder.Captures;
using OrleansRecorder.Media.Rtsp;

namespace OrleansRecorder.Media.Tests.Rtsp;

/// <summary>The table of cameras.md, section 4.</summary>
public sealed class EndTests
{
    private readonly ScriptedCamera _camera = new();

    [Theory]
    [InlineData("DESCRIBE", "400 Bad Request", CaptureCause.Negotiation)]
    [InlineData("DESCRIBE", "404 Not Found", CaptureCause.NotFound)]
    [InlineData("DESCRIBE", "405 Method Not Allowed", CaptureCause.Negotiation)]
    [InlineData("DESCRIBE", "408 Request Time-out", CaptureCause.ConnectTimeout)]
    [InlineData("DESCRIBE", "410 Gone", CaptureCause.NotFound)]
    [InlineData("DESCRIBE", "415 Unsupported Media Type", CaptureCause.Negotiation)]
    [InlineData("DESCRIBE", "451 Parameter Not Understood", CaptureCause.Negotiation)]
    [InlineData("DESCRIBE", "453 Not Enough Bandwidth", CaptureCause.Busy)]
    [InlineData("DESCRIBE", "500 Internal Server Error", CaptureCause.Busy)]
    [InlineData("DESCRIBE", "501 Not Implemented", CaptureCause.Negotiation)]
    [InlineData("DESCRIBE", "502 Bad Gateway", CaptureCause.Busy)]
    [InlineData("DESCRIBE", "503 Service Unavailable", CaptureCause.Busy)]
    [InlineData("DESCRIBE", "504 Gateway Time-out", CaptureCause.Busy)]
    [InlineData("DESCRIBE", "505 RTSP Version not supported", CaptureCause.Negotiation)]
    [InlineData("DESCRIBE", "551 Option not supported", CaptureCause.Negotiation)]
    [InlineData("SETUP", "453 Not Enough Bandwidth", CaptureCause.Busy)]
    [InlineData("SETUP", "455 Method Not Valid in This State", CaptureCause.Negotiation)]
    [InlineData("SETUP", "462 Destination unreachable", CaptureCause.Negotiation)]
    [InlineData("PLAY", "404 Not Found", CaptureCause.NotFound)]
    [InlineData("PLAY", "455 Method Not Valid in This State", CaptureCause.Negotiation)]
    [InlineData("PLAY", "503 Service Unavailable", CaptureCause.Busy)]
    [InlineData("DESCRIBE", "200 OK", CaptureCause.NoMedia)]
    [InlineData("DESCRIBE", "200 OK\n\nnonsense", CaptureCause.NoMedia)]
    [InlineData("DESCRIBE", "200 OK\n\nm=video 0 RTP/AVP 96\na=rtpmap:96 MP2P/90000\n", CaptureCause.UnsupportedCodec)]
    [InlineData("OPTIONS", "HTTP/1.1 400 Bad Request", CaptureCause.Protocol)]
    [InlineData("DESCRIBE", "RTSP/1.0 OK", CaptureCause.Protocol)]
    [InlineData("DESCRIBE", "200 OK\nContent-Length: 2000000", CaptureCause.Protocol)]
    [InlineData("DESCRIBE", ScriptedCamera.HangUp, CaptureCause.Disconnected)]
    [InlineData("SETUP", ScriptedCamera.HangUp, CaptureCause.Disconnected)]
    [InlineData("PLAY", ScriptedCamera.HangUp, CaptureCause.Disconnected)]
    public void Each_refusal_has_its_cause_and_a_sentence(string method, string reply, CaptureCause cause)
    {
        _camera.Always(method, reply);
        var talk = new Talk(_camera, "rtsp://admin:secret@10.0.0.1/user=admin&password=secret&channel=1?pwd=secret").Run();
        talk.Pass(0.1);

        Assert.Equal((cause, true, false), (talk.Cause!.Value, talk.Dialogue.IsOver, talk.Dialogue.Outcome!.ConnectAgain));
        var (chinese, english) = talk.Dialogue.Outcome.End.Message;
        Assert.Contains("10.0.0.1:554", english, StringComparison.Ordinal);
        Assert.Contains("10.0.0.1:554", chinese, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", chinese + english, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AV1", "The video codec of 10.0.0.1:554 is AV1, which")]
    [InlineData("vp9", "is VP9, which")]
    [InlineData("<b>x</b>", "The video codec of 10.0.0.1:554 cannot be stored")]
    public void A_codec_that_cannot_be_recorded_is_named(string codec, string sentence)
    {
        _camera.Sdp = $"m=video 0 RTP/AVP 96\na=rtpmap:96 {codec}/90000";
        var end = new Talk(_camera).Run().Dialogue.Outcome!.End;

        Assert.Equal(CaptureCause.UnsupportedCodec, end.Cause);
        Assert.Contains(sentence, end.Message.English, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("200 OK", true)]
    [InlineData("200 OK\n\nnonsense", true)]
    [InlineData("200 OK\n\nm=application 0 RTP/AVP 107\na=rtpmap:107 vnd.onvif.metadata/90000\n", true)]
    [InlineData("200 OK\n\nm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\na=sendonly\n", true)]
    [InlineData("RTSP/1.0 OK", true)]
    [InlineData("404 Not Found", false)]
    [InlineData("503 Service Unavailable", false)]
    public void A_description_of_nothing_needs_few_tries(string reply, bool needsFew)
    {
        _camera.Always("DESCRIBE", reply);

        Assert.Equal(needsFew, new Talk(_camera).Run().Dialogue.Outcome!.End.NeedsFewTries);
    }

    [Fact]
    public void A_server_that_does_not_know_its_own_session_gets_one_more()
    {
        _camera.On("PLAY", "454 Session Not Found");
        var talk = new Talk(_camera).Run();
        Assert.True(talk.Dialogue.IsPlaying);
        Assert.Equal(2, talk.Targets.Count);

        var never = new ScriptedCamera();
        never.Always("PLAY", "454 Session Not Found");
        talk = new Talk(never).Run();
        Assert.Equal((CaptureCause.NotFound, 2), (talk.Cause!.Value, talk.Targets.Count));
    }

    [Theory]
    [InlineData("DESCRIBE", 20)] // S46
    [InlineData("SETUP", 10)]
    [InlineData("PLAY", 10)]
    public void A_reply_that_does_not_come_is_waited_for_so_long(string method, double seconds)
    {
        _camera.Always(method, ScriptedCamera.Silence);
        var talk = new Talk(_camera).Run();
        talk.Pass(seconds - 0.2);
        Assert.Null(talk.Dialogue.Outcome);
        talk.Pass(0.3);

        Assert.Equal(CaptureCause.ConnectTimeout, talk.Cause);
        Assert.Contains($"did not answer {method}", talk.Dialogue.Outcome!.End.Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public void What_dribbles_in_resets_nothing()
    {
        _camera.Always("SETUP", ScriptedCamera.Silence);
        var talk = new Talk(_camera).Run();
        talk.Hear("RTSP/1.0 200 OK\r\nX: ");
        for (var i = 0; i < 101 && talk.Cause is null; i++)
        {
            talk.Hear("y");
            talk.Pass(0.1);
        }

        Assert.Equal(CaptureCause.ConnectTimeout, talk.Cause);
    }

    [Fact]
    public void Media_without_a_reply_to_play_is_no_reply()
    {
        _camera.Always("PLAY", ScriptedCamera.Silence);
        var talk = new Talk(_camera).Run();
        for (var i = 0; i < 110 && talk.Cause is null; i++)
        {
            talk.HearPacket(0, Interleaved.Rtp(new string('p', 50_000)));
            talk.Pass(0.1);
        }

        Assert.Equal(CaptureCause.ConnectTimeout, talk.Cause);
        Assert.InRange(talk.Dialogue.StrayPackets, 1, 100);
        Assert.Empty(talk.Packets);
    }

    [Fact]
    public void All_steps_together_have_the_connection_timeout()
    {
        _camera.Always("OPTIONS", ScriptedCamera.Silence);
        var talk = new Talk(_camera).Run();
        const string Description = "m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\nm=audio 0 RTP/AVP 8\na=control:a";
        foreach (var (reply, seconds) in new[] { ("", 3.0), ($"Content-Length: {Description.Length}\r\n\r\n{Description}", 19.0), ("Session: 1\r\n", 9.0), ("Session: 1\r\n", 9.0) })
        {
            _camera.Always(talk.Requests[^1].Method, ScriptedCamera.Silence);
            _camera.Always("DESCRIBE", ScriptedCamera.Silence);
            _camera.Always("SETUP", ScriptedCamera.Silence);
            _camera.Always("PLAY", ScriptedCamera.Silence);
            talk.Pass(seconds);
            Assert.Null(talk.Cause);
            talk.Hear("RTSP/1.0 200 OK\r\n" + reply + (reply.Contains("m=", StringComparison.Ordinal) ? "" : "\r\n"));
        }

        Assert.Equal("PLAY", talk.Requests[^1].Method);
        talk.Pass(4.9);
        Assert.Null(talk.Cause);
        talk.Pass(0.2);
        Assert.Equal(CaptureCause.ConnectTimeout, talk.Cause);
    }

    [Fact]
    public void No_packet_after_play_is_no_media()
    {
        _camera.Sdp = "m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000";
        var talk = new Talk(_camera).Run();
        talk.Pass(9.9);
        Assert.Null(talk.Cause);
        talk.HearPacket(1, Interleaved.Rtcp(200)); // RTCP is no media
        talk.Pass(0.3);

        Assert.Equal((CaptureCause.NoMedia, 1), (talk.Cause!.Value, talk.Targets.Count));
    }

    [Fact] // R44
    public void Media_that_stops_is_a_stall_whatever_rtcp_says()
    {
        var talk = new Talk(_camera).Run();
        talk.Pass(5, withMedia: true);
        for (var i = 0; i < 98; i++)
        {
            talk.HearPacket(1, Interleaved.Rtcp(200));
            talk.Pass(0.1);
        }

        Assert.Null(talk.Cause);
        talk.Pass(0.4);
        Assert.Equal(CaptureCause.Stalled, talk.Cause);
        Assert.Equal("TEARDOWN", talk.Requests[^1].Method);
    }

    [Fact]
    public void Pictures_without_a_key_frame_end_it_after_a_minute()
    {
        var talk = new Talk(_camera).Run();
        for (var i = 0; i < 599; i++)
        {
            talk.Media = new MediaProgress(talk.Now, false);
            talk.Pass(0.1);
        }

        Assert.Null(talk.Cause);
        talk.Media = new MediaProgress(talk.Now, false);
        talk.Pass(0.3);
        Assert.Equal(CaptureCause.NoKeyFrame, talk.Cause);
    }

    [Fact] // R05, R26
    public void Packets_that_make_no_whole_picture_any_more_end_it_after_a_minute()
    {
        var talk = new Talk(_camera).Run();
        talk.Pass(5, withMedia: true);
        var lastPicture = talk.Now;
        for (var i = 0; i < 599; i++)
        {
            talk.Media = new MediaProgress(talk.Now, true, lastPicture);
            talk.Pass(0.1);
        }

        Assert.Null(talk.Cause);
        talk.Media = new MediaProgress(talk.Now, true, lastPicture);
        talk.Pass(0.3);
        Assert.Equal((CaptureCause.NoKeyFrame, "TEARDOWN"), (talk.Cause!.Value, talk.Requests[^1].Method));
    }

    [Theory]
    [InlineData("hang-up")]
    [InlineData("bye")]
    [InlineData("teardown")]
    public void A_live_stream_that_ends_is_disconnected(string how)
    {
        var talk = Playing("npt=0-");
        EndIt(talk, how);

        Assert.Equal(CaptureCause.Disconnected, talk.Cause);
        Assert.Equal(how == "bye" ? 1 : 0, talk.Requests.Count(request => request.Method == "TEARDOWN"));
    }

    [Theory] // S48
    [InlineData("hang-up")]
    [InlineData("bye")]
    [InlineData("teardown")]
    public void A_recording_that_came_whole_has_reached_its_end(string how)
    {
        var talk = Playing("npt=0-20");
        for (var second = 0; second <= 19; second++) talk.HearPacket(0, Interleaved.Rtp("p", timestamp: unchecked(4294900000u + (uint)(second * 90000))));
        talk.HearPacket(0, Interleaved.Rtp("p", timestamp: unchecked(4294900000u + (uint)(19.5 * 90000))));
        EndIt(talk, how);

        Assert.Equal(CaptureCause.DurationReached, talk.Cause);
    }

    [Fact]
    public void A_recording_that_breaks_off_is_disconnected()
    {
        var talk = Playing("npt=0-20");
        for (var second = 0; second <= 18; second++) talk.HearPacket(0, Interleaved.Rtp("p", timestamp: (uint)(second * 90000)));
        talk.HearPacket(0, Interleaved.Rtp("p", timestamp: 1_000_000_000)); // a jump of the clock is no time that was received
        talk.HearClose();

        Assert.Equal(CaptureCause.Disconnected, talk.Cause);
    }

    [Fact]
    public void One_goodbye_of_two_is_no_end()
    {
        var talk = Playing("npt=0-");
        talk.Dialogue.OnBye(1, talk.Now);
        Assert.True(talk.Dialogue.IsPlaying);
    }

    [Fact] // R10
    public void An_encoder_that_says_goodbye_at_each_change_of_its_source_is_not_left()
    {
        var talk = Playing("npt=0-");
        for (var i = 0; i < 5; i++)
        {
            talk.Dialogue.OnBye(0, talk.Now);
            talk.Dialogue.OnBye(1, talk.Now);
            talk.Pass(0.3);
            talk.HearPacket(0, Interleaved.Rtp("on"));
            talk.Pass(0.6);
            Assert.True(talk.Dialogue.IsPlaying);
        }

        talk.Dialogue.OnBye(0, talk.Now);
        talk.HearPacket(0, Interleaved.Rtp("a straggler"));
        talk.Pass(0.6);
        Assert.Equal(CaptureCause.Disconnected, talk.Cause);
    }

    [Fact]
    public void Noise_among_packets_ends_it_after_256_kB()
    {
        var talk = Playing("npt=0-");
        talk.Hear(new string('x', 200_000));
        Assert.True(talk.Dialogue.IsPlaying);
        talk.HearPacket(0, Interleaved.Rtp("one"));
        talk.HearPacket(0, Interleaved.Rtp("two"));
        Assert.Equal(["0 " + Interleaved.Rtp("one"), "0 " + Interleaved.Rtp("two")], talk.Packets);
        talk.Hear(new string('x', 300_000));

        Assert.Equal((CaptureCause.Protocol, true), (talk.Cause!.Value, talk.Dialogue.IsOver));
        Assert.Equal("TEARDOWN", talk.Requests[^1].Method);
    }

    private static void EndIt(Talk talk, string how)
    {
        switch (how)
        {
            case "hang-up":
                talk.HearClose();
                break;
            case "bye":
                talk.Dialogue.OnBye(0, talk.Now);
                talk.Dialogue.OnBye(1, talk.Now);
                break;
            default:
                talk.Hear("TEARDOWN rtsp://10.0.0.1/live RTSP/1.0\r\nCSeq: 1\r\n\r\n");
                break;
        }

        talk.Pass(how == "bye" ? 0.6 : 0.1);
        Assert.True(talk.Dialogue.IsOver);
    }

    private Talk Playing(string range)
    {
        _camera.Sdp = $"a=range:{range}\n{ScriptedCamera.PlainSdp}";
        var talk = new Talk(_camera).Run();
        Assert.True(talk.Dialogue.IsPlaying);
        return talk;
    }
}
