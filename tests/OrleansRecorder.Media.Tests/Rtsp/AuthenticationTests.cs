using OrleansRecorder.Captures;

namespace OrleansRecorder.Media.Tests.Rtsp;

public sealed class AuthenticationTests
{
    private const string Url = "rtsp://admin:secret@10.0.0.1/live";
    private readonly ScriptedCamera _camera = new();

    [Fact]
    public void After_the_first_challenge_every_request_is_signed()
    {
        Demand(request => request["Authorization"] is null ? Unauthorized("n1") : null);
        var talk = new Talk(_camera, Url).Run();
        talk.Pass(35, withMedia: true);

        Assert.Equal("OPTIONS OPTIONS DESCRIBE SETUP SETUP PLAY GET_PARAMETER", talk.Methods);
        Assert.All(talk.Requests.Skip(1), request => Assert.Contains($"uri=\"{request.Url}\"", request["Authorization"], StringComparison.Ordinal)); // S11, S25
    }

    [Fact] // S17
    public void A_nonce_that_is_good_for_one_reply_is_signed_for_anew()
    {
        var next = 0;
        var current = "";
        Demand(request =>
        {
            if (current.Length > 0 && request["Authorization"]?.Contains($"nonce=\"{current}\"", StringComparison.Ordinal) == true)
            {
                current = "";
                return null;
            }

            current = $"n{++next}";
            return Unauthorized(current);
        });
        var talk = new Talk(_camera, Url).Run();
        Assert.True(talk.Dialogue.IsPlaying);

        talk.Pass(95, withMedia: true);
        Assert.Equal(6, talk.Requests.Count(request => request.Method == "GET_PARAMETER"));
        talk.Dialogue.Close(Ends.Stopped, talk.Now);
        talk.Pass(0.1);
        Assert.True(talk.Dialogue.IsOver);
        Assert.Equal(2, talk.Requests.Count(request => request.Method == "TEARDOWN"));
    }

    [Theory] // S17
    [InlineData("n1", 1)]
    [InlineData("n1;stale", 2)]
    [InlineData("fresh", 2)]
    public void A_wrong_password_is_tried_no_more_than_twice(string nonce, int signed)
    {
        var count = 0;
        Demand(_ => nonce switch
        {
            "fresh" => Unauthorized($"n{++count}"),
            "n1" => Unauthorized("n1"),
            _ => "401 Unauthorized\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", stale=TRUE",
        });
        var talk = new Talk(_camera, Url).Run();

        Assert.Equal(CaptureCause.Authentication, talk.Cause);
        Assert.Single(talk.Targets);
        Assert.Equal(signed, talk.Requests.Count(request => request["Authorization"] is not null));
        Assert.DoesNotContain("secret", talk.Dialogue.Outcome!.End.Message.English + talk.Dialogue.Outcome.End.Message.Chinese, StringComparison.Ordinal);
    }

    [Fact] // S17
    public void Two_refusals_in_a_row_do_not_keep_the_next_keep_alive_from_being_signed_again()
    {
        Demand(request => request["Authorization"] is null ? Unauthorized("n1") : null);
        var talk = new Talk(_camera, Url).Run();
        _camera.On("GET_PARAMETER", Unauthorized("n2"), Unauthorized("n3"), Unauthorized("n4"));
        talk.Pass(61, withMedia: true);

        Assert.Equal(4, talk.Requests.Count(request => request.Method == "GET_PARAMETER"));
        Assert.Contains("nonce=\"n4\"", talk.Sent("GET_PARAMETER")["Authorization"], StringComparison.Ordinal);
        Assert.True(talk.Dialogue.IsPlaying);
    }

    [Fact] // S17, S24
    public void A_login_that_is_refused_while_the_stream_plays_is_tried_once_for_each_keep_alive_and_once_at_the_end()
    {
        var count = 0;
        Demand(request => request["Authorization"] is null ? Unauthorized($"n{++count}") : null);
        var talk = new Talk(_camera, Url).Run();
        _camera.When("GET_PARAMETER", _ => Unauthorized($"n{++count}"));
        _camera.When("TEARDOWN", request => request["Authorization"]?.Contains("nonce=\"last\"", StringComparison.Ordinal) == true ? null : Unauthorized("last"));
        talk.Pass(31, withMedia: true);
        Assert.Equal(2, Attempts(talk));

        for (var interval = 1; interval <= 5; interval++)
        {
            talk.Pass(30, withMedia: true);
            Assert.Equal(2 + interval, Attempts(talk));
            // With a challenge that is new.
            Assert.Contains($"nonce=\"n{count - 1}\"", talk.Requests[^1]["Authorization"], StringComparison.Ordinal);
        }

        talk.Dialogue.Close(Ends.Stopped, talk.Now);
        talk.Pass(0.1);
        Assert.True(talk.Dialogue.IsOver);
        var last = Assert.Single(talk.Requests, request => request.Method == "TEARDOWN" && request["Authorization"] is not null);
        Assert.Contains("nonce=\"last\"", last["Authorization"], StringComparison.Ordinal);
    }

    [Fact] // S17
    public void A_login_that_is_let_in_again_is_signed_from_the_start_again()
    {
        Demand(request => request["Authorization"] is null ? Unauthorized("n1") : null);
        var talk = new Talk(_camera, Url).Run();
        _camera.On("GET_PARAMETER", Unauthorized("n2"), Unauthorized("n3"), Unauthorized("n4"), "200 OK", Unauthorized("n5"), Unauthorized("n6"));
        talk.Pass(61, withMedia: true);
        Assert.Equal(3, Attempts(talk));

        talk.Pass(30, withMedia: true);
        Assert.Equal(5, Attempts(talk));
        Assert.Equal(6, talk.Requests.Count(request => request.Method == "GET_PARAMETER"));
    }

    [Fact]
    public void Without_credentials_the_person_is_asked_for_them()
    {
        Demand(_ => Unauthorized("n1"));
        var talk = new Talk(_camera).Run();

        Assert.Equal((CaptureCause.Authentication, "OPTIONS"), (talk.Cause, talk.Methods));
        Assert.Contains("user:password@", talk.Dialogue.Outcome!.End.Message.English, StringComparison.Ordinal);
    }

    [Theory] // S19
    [InlineData("401 Unauthorized")]
    [InlineData("401 Unauthorized\nWWW-Authenticate: Bearer realm=\"r\"")]
    public void Options_that_need_a_login_of_no_known_kind_are_left_alone(string reply)
    {
        _camera.Always("OPTIONS", reply);
        foreach (var url in new[] { Url, "rtsp://10.0.0.1/live" })
        {
            var talk = new Talk(_camera, url).Run();

            Assert.True(talk.Dialogue.IsPlaying);
            Assert.Equal("OPTIONS DESCRIBE SETUP SETUP PLAY", talk.Methods);
        }
    }

    [Fact] // S14
    public void A_password_goes_out_in_the_clear_only_where_no_digest_is_offered()
    {
        Demand(request => request["Authorization"] is null ? "401 Unauthorized\nWWW-Authenticate: Basic realm=\"r\"\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n1\"" : null);
        Assert.DoesNotContain(new Talk(_camera, Url).Run().Requests, request => request.Text.Contains("Basic", StringComparison.Ordinal));

        var old = new ScriptedCamera();
        old.When("DESCRIBE", request => request["Authorization"] is null ? "401 Unauthorized\nWWW-Authenticate: Basic realm=\"r\"" : null);
        var talk = new Talk(old, Url).Run();
        Assert.True(talk.Dialogue.IsPlaying);
        Assert.Equal("Basic YWRtaW46c2VjcmV0", talk.Sent("PLAY")["Authorization"]);
    }

    [Fact] // S18
    public void A_server_that_hangs_up_after_its_challenge_is_logged_in_to_at_once_next_time()
    {
        Demand(request => request["Authorization"] is null ? ScriptedCamera.ThenHangUp + Unauthorized("n1") : null);
        var talk = new Talk(_camera, Url).Run();

        Assert.True(talk.Dialogue.IsPlaying);
        Assert.Equal(2, talk.Targets.Count);
        Assert.All(talk.Requests.Where(request => request.Connection == 2), request => Assert.NotNull(request["Authorization"]));
    }

    [Fact] // S18
    public void A_server_that_always_hangs_up_after_its_challenge_is_left()
    {
        var count = 0;
        Demand(_ => ScriptedCamera.ThenHangUp + Unauthorized($"n{++count}"));
        var talk = new Talk(_camera, Url).Run();

        Assert.Equal((CaptureCause.Authentication, 2), (talk.Cause!.Value, talk.Targets.Count));
    }

    [Fact] // S19: Arecont sends a page nobody announced
    public void A_body_without_a_length_after_a_challenge_is_passed_over()
    {
        _camera.On("DESCRIBE", Unauthorized("n1") + "\nContent-Length: 0\n\n<html><body>401 Unauthorized</body></html>");
        Assert.True(new Talk(_camera, Url).Run().Dialogue.IsPlaying);
    }

    [Fact] // S24
    public void A_keep_alive_that_is_refused_for_good_does_not_end_the_stream()
    {
        var talk = new Talk(_camera, Url).Run();
        _camera.Always("GET_PARAMETER", Unauthorized("n9"));
        talk.Pass(200, withMedia: true);

        Assert.True(talk.Dialogue.IsPlaying);
        Assert.Equal(7, talk.Requests.Count(request => request.Method == "GET_PARAMETER"));
    }

    [Theory]
    [InlineData("403 Forbidden")]
    [InlineData("407 Proxy Authentication Required")]
    public void A_user_without_rights_is_not_tried_again(string refusal)
    {
        _camera.Always("DESCRIBE", refusal);
        var talk = new Talk(_camera, Url).Run();

        Assert.Equal((CaptureCause.Authentication, false), (talk.Cause, talk.Dialogue.Outcome!.ConnectAgain));
    }

    private static int Attempts(Talk talk) => talk.Requests.Count(request => request.Method == "GET_PARAMETER" && request["Authorization"] is not null);

    private static string Unauthorized(string nonce) => $"401 Unauthorized\nWWW-Authenticate: Digest realm=\"r\", nonce=\"{nonce}\"";

    private void Demand(Func<SentRequest, string?> reply)
    {
        foreach (var method in new[] { "OPTIONS", "DESCRIBE", "SETUP", "PLAY", "GET_PARAMETER", "TEARDOWN" }) _camera.When(method, reply);
    }
}
