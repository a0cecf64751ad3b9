using OrleansRecorder.Captures;
using OrleansRecorder.Media.Rtsp;

namespace OrleansRecorder.Media.Tests.Rtsp;

/// <summary>cameras.md, S43.</summary>
public sealed class RedirectTests
{
    private const string Challenge = "401 Unauthorized\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n1\"";
    private readonly ScriptedCamera _camera = new();

    [Theory]
    [InlineData("OPTIONS", "rtsp://10.0.0.1:1554/real", "10.0.0.1", 1554, "rtsp://10.0.0.1:1554/real")]
    [InlineData("DESCRIBE", "rtsp://other/real?x=1", "other", 554, "rtsp://other/real?x=1")]
    [InlineData("DESCRIBE", "/real", "10.0.0.1", 8554, "rtsp://10.0.0.1:8554/real")]
    [InlineData("DESCRIBE", "10.0.0.3:554/real", "10.0.0.3", 554, "rtsp://10.0.0.3:554/real")]
    public void A_redirect_is_followed_on_a_new_connection(string method, string location, string host, int port, string url)
    {
        _camera.On(method, $"302 Moved Temporarily\nLocation: {location}");
        var talk = new Talk(_camera, "rtsp://10.0.0.1:8554/live").Run();

        Assert.True(talk.Dialogue.IsPlaying);
        Assert.Equal([new RtspTarget("10.0.0.1", 8554, false), new RtspTarget(host, port, false)], talk.Targets);
        Assert.Equal(url, talk.Sent("DESCRIBE").Url);
    }

    [Theory]
    [InlineData("rtsp://10.0.0.1:1554/real", "admin")]
    [InlineData("rtsp://10.0.0.2/real", null)]
    [InlineData("rtsp://guest:guest@10.0.0.2/real", "guest")]
    public void Credentials_go_to_the_same_host_or_where_the_redirect_says(string location, string? user)
    {
        _camera.When("DESCRIBE", request => request["Authorization"] is null ? Challenge : request.Connection == 1 ? $"302 Moved\nLocation: {location}" : null);
        var talk = new Talk(_camera, "rtsp://admin:secret@10.0.0.1/live").Run();

        var there = talk.Requests.Where(request => request.Connection == 2).ToList();
        Assert.Null(there[0]["Authorization"]);
        Assert.DoesNotContain(there, request => request.Url.Contains('@'));
        if (user is null)
        {
            Assert.Equal(CaptureCause.Authentication, talk.Cause);
            Assert.DoesNotContain(there, request => request["Authorization"] is not null);
        }
        else
        {
            Assert.Contains($"username=\"{user}\"", talk.Sent("PLAY")["Authorization"], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("302 Moved\nLocation: rtsp://10.0.0.1/live", 6)]
    [InlineData("302 Moved", 1)]
    [InlineData("302 Moved\nLocation:", 1)]
    [InlineData("302 Moved\nLocation: http://10.0.0.1/live", 1)]
    [InlineData("302 Moved\nLocation: rtsp://:99999/", 1)]
    public void Redirects_without_end_or_aim_end_it(string reply, int connections)
    {
        _camera.Always("DESCRIBE", reply);
        var talk = new Talk(_camera).Run();

        Assert.Equal((CaptureCause.Negotiation, connections), (talk.Cause, talk.Targets.Count));
        Assert.Contains("redirect", talk.Dialogue.Outcome!.End.Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public void From_tls_nothing_leads_to_the_clear()
    {
        _camera.Always("DESCRIBE", "302 Moved\nLocation: rtsp://10.0.0.1/live");
        var talk = new Talk(_camera, "rtsps://10.0.0.1/live").Run();

        Assert.Equal((CaptureCause.Negotiation, 1), (talk.Cause, talk.Targets.Count));
    }

    [Fact]
    public void From_the_clear_to_tls_is_followed()
    {
        _camera.On("DESCRIBE", "302 Moved\nLocation: rtsps://10.0.0.1/live");
        Assert.Equal(new RtspTarget("10.0.0.1", 322, true), new Talk(_camera).Run().Targets[1]);
    }

    [Fact]
    public void A_dead_target_leads_back_to_the_entry_three_times()
    {
        _camera.When("DESCRIBE", request => request.Url == "rtsp://10.0.0.1/live" ? "302 Moved\nLocation: rtsp://10.0.0.2/live" : null);
        var talk = new Talk(_camera);
        for (var i = 0; i < 3; i++)
        {
            talk.Connect();
            Assert.Equal("10.0.0.2", talk.Journey.Target.Host);
            Assert.True(talk.Journey.OnUnreachable(CaptureCause.Refused, talk.Now).ConnectAgain);
            Assert.Equal("10.0.0.1", talk.Journey.Target.Host);
        }

        talk.Connect();
        var outcome = talk.Journey.OnUnreachable(CaptureCause.Refused, talk.Now);
        Assert.Equal((CaptureCause.Refused, false), (outcome.End.Cause, outcome.ConnectAgain));
        Assert.Contains("10.0.0.2:554", outcome.End.Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_hangs_up_leads_back_too()
    {
        _camera.When("DESCRIBE", request => request.Url == "rtsp://10.0.0.1/live" ? "302 Moved\nLocation: rtsp://10.0.0.2/live" : ScriptedCamera.HangUp);
        Assert.Equal(8, new Talk(_camera).Run().Targets.Count);
    }

    [Fact]
    public void An_entry_that_is_dead_is_just_dead()
    {
        var outcome = new Talk(_camera).Journey.OnUnreachable(CaptureCause.NameNotFound, TimeSpan.FromHours(1));
        Assert.Equal((CaptureCause.NameNotFound, false), (outcome.End.Cause, outcome.ConnectAgain));
    }

    [Theory] // S45
    [InlineData(false)]
    [InlineData(true)]
    public void A_server_that_redirects_by_itself_is_followed_before_media_only(bool hasMedia)
    {
        var talk = new Talk(_camera).Run();
        if (hasMedia) talk.HearPacket(0, Interleaved.Rtp("picture"));
        talk.Hear("REDIRECT rtsp://10.0.0.1/live RTSP/1.0\r\nCSeq: 1\r\nLocation: rtsp://10.0.0.2/live\r\n\r\n");

        Assert.Equal((!hasMedia, hasMedia ? CaptureCause.Disconnected : CaptureCause.Negotiation), (talk.Dialogue.Outcome!.ConnectAgain, talk.Cause!.Value));
        Assert.Equal(hasMedia ? "10.0.0.1" : "10.0.0.2", talk.Journey.Target.Host);
    }
}
