using System.Text;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Rtsp.Authentication;
using OrleansRecorder.Media.Rtsp.Messages;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtsp;

/// <content>Replies find their requests here, and the server's own requests are answered.</content>
internal sealed partial class RtspDialogue
{
    private const int MaxAnswersASecond = 10;
    private TimeSpan _answersSince;
    private int _answers;
    private bool _signedAgain;

    private void OnMessage(RtspMessage message, TimeSpan now)
    {
        if (message.Status == 0) OnServerRequest(message, now);
        else if (_requests.Match(message) is { } request) OnReply(request, message, now);
    }

    private void OnReply(RtspRequest request, RtspMessage reply, TimeSpan now)
    {
        _keepAlive.Learn(reply);
        if (reply.Status != 401 && request.SignedFor is not null) _journey.Authenticator.OnAccepted(reply);
        switch (_phase)
        {
            case Phase.Closing:
                OnReplyWhileClosing(request, reply);
                break;
            case Phase.Playing:
                OnReplyWhilePlaying(request, reply);
                break;
            default:
                if (request == _awaited) OnAwaitedReply(request, reply, now);
                break;
        }
    }

    private void OnAwaitedReply(RtspRequest request, RtspMessage reply, TimeSpan now)
    {
        if (reply.Status == 401 && _phase == Phase.Options && request.SignedFor is null && !RtspAuthenticator.CanAnswer(reply))
        {
            // It does not say how to log in, and may be more open about the stream itself.
            Describe(now);
        }
        else if (reply.Status == 401)
        {
            _wasChallenged = true;
            var trouble = _journey.Authenticator.OnRefused(reply, request.SignedFor);
            if (trouble is null) Ask(_phase, Again(request), now);
            else End(new Diagnosis(CaptureCause.Authentication, reply.Status, trouble, request.Method), now);
        }
        else if (reply.Status is >= 300 and < 400)
        {
            Redirect(reply.Header("Location"), reply.Status, now);
        }
        else
        {
            _wasChallenged = false;
            OnHandshakeReply(reply, now);
        }
    }

    // Only a login that ran out is put right; whatever else the server thinks of it, media shows whether the session lives.
    private void OnReplyWhilePlaying(RtspRequest request, RtspMessage reply)
    {
        if (reply.Status == 401)
        {
            var mayLogIn = _journey.Authenticator.OnRefused(reply, request.SignedFor) is null;
            if (mayLogIn && !_signedAgain) Send(Again(request));
            _signedAgain = true;
            return;
        }

        _signedAgain = false;
        if (reply.Status is 405 or 501 or 551 && request.Method == "GET_PARAMETER") _keepAlive.OnNotImplemented();
    }

    private void OnReplyWhileClosing(RtspRequest request, RtspMessage reply)
    {
        switch (request.Method)
        {
            case "TEARDOWN":
                // A session that nobody ends fills the camera up for a minute.
                if (reply.Status == 401 && !_signedAgain && _journey.Authenticator.OnRefused(reply, request.SignedFor) is null)
                {
                    _signedAgain = true;
                    Send(Again(request));
                }
                else
                {
                    _phase = Phase.Over;
                }

                break;
            case "SETUP" when _session is null:
                TakeSession(reply);
                if (_session is null) _phase = Phase.Over;
                else SendTeardown();
                break;
        }
    }

    private static RtspRequest Again(RtspRequest request) => new() { Method = request.Method, Url = request.Url, Headers = request.Headers };

    private void OnServerRequest(RtspMessage request, TimeSpan now)
    {
        if (_phase == Phase.Closing) return;
        Answer(request, request.Method is "OPTIONS" or "TEARDOWN" or "REDIRECT" ? "200 OK" : "501 Not Implemented", now);
        switch (request.Method)
        {
            case "TEARDOWN":
                // There is no session any more that we could end.
                _session = null;
                if (_phase == Phase.Playing) EndOfStream(now);
                else End(new Diagnosis(CaptureCause.Disconnected, 0, null), now);
                break;
            case "REDIRECT" when !_anyPacket && request.Header("Location") is { } location:
                Redirect(location, 0, now);
                break;
            case "REDIRECT":
                EndOfStream(now);
                break;
        }
    }

    private void Answer(RtspMessage request, string status, TimeSpan now)
    {
        if (now - _answersSince >= TimeSpan.FromSeconds(1)) (_answersSince, _answers) = (now, 0);
        if (++_answers > MaxAnswersASecond) return;
        var text = new StringBuilder("RTSP/1.0 ").Append(status).Append("\r\n");
        if (request.Header("CSeq") is { Length: <= 32 } number) text.Append("CSeq: ").Append(number).Append("\r\n");
        if (_session is not null) text.Append("Session: ").Append(_session).Append("\r\n");
        _wire.Send(WireText.ToWire(text.Append("\r\n").ToString()));
    }
}
