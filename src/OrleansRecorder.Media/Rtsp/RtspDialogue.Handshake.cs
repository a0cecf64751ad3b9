using OrleansRecorder.Captures;
using OrleansRecorder.Media.Rtsp.Descriptions;
using OrleansRecorder.Media.Rtsp.Messages;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtsp;

/// <content>The requests from OPTIONS to PLAY, one at a time, and what becomes of their replies.</content>
internal sealed partial class RtspDialogue
{
    private const int InvalidRange = 457;
    private const int SessionNotFound = 454;
    private static readonly TimeSpan ReplyLimit = TimeSpan.FromSeconds(10);

    // Gateways wait for the camera behind them before they describe it.
    private static readonly TimeSpan DescribeLimit = TimeSpan.FromSeconds(20);

    // A courtesy: no reply to it is worth a third of the time that there is.
    private static readonly TimeSpan OptionsLimit = TimeSpan.FromSeconds(4);
    private static readonly (string, string) FromStart = ("Range", "npt=0.000-");

    private RtspRequest? _awaited;
    private TimeSpan _replyDeadline;
    private bool _wasChallenged;
    private string? _session;
    private string _aggregate = "";
    private string _base = "";
    private TimeSpan? _duration;
    private bool _hasMore;
    private IReadOnlyList<(MediaDescription Media, bool IsRecorded)> _chosen = [];
    private int _chosenAt;
    private LeftOutSound? _leftOutSound;
    private IReadOnlyList<string> _trackUrls = [];
    private int _trackUrlAt;
    private int _picture;

    private bool IsTcp => _journey.Transport != TransportStep.Udp;

    private bool IsSettingUpPicture => _chosen[_chosenAt].Media.Kind == "video" && _chosen[_chosenAt].IsRecorded;

    private void Ask(Phase phase, RtspRequest request, TimeSpan now)
    {
        _phase = phase;
        _awaited = request;
        _replyDeadline = now + phase switch
        {
            Phase.Options => OptionsPatience,
            Phase.Describe => DescribeLimit,
            _ => ReplyLimit,
        };
        Send(request);
    }

    private TimeSpan OptionsPatience => _journey.Request.ConnectionTimeout / 3 is var third && third < OptionsLimit ? third : OptionsLimit;

    private void OnHandshakeReply(RtspMessage reply, TimeSpan now)
    {
        switch (_phase)
        {
            // It is a courtesy: whatever it says, the stream may be there.
            case Phase.Options:
                Describe(now);
                break;
            case Phase.Describe when reply.Status < 300:
                OnDescription(reply, now);
                break;
            case Phase.Setup:
                OnSetUp(reply, now);
                break;
            case Phase.Play when reply.Status < 300:
                OnPlay(reply, now);
                break;
            case Phase.Play when reply.Status == InvalidRange && _awaited!.Headers.Count > 0:
                Ask(Phase.Play, new RtspRequest { Method = "PLAY", Url = _aggregate }, now);
                break;
            case Phase.Play:
                Refused(reply, now, mayChangeTransport: true);
                break;
            default:
                Refused(reply, now, mayChangeTransport: false);
                break;
        }
    }

    private void Describe(TimeSpan now) =>
        Ask(Phase.Describe, new RtspRequest { Method = "DESCRIBE", Url = _journey.RequestUrl, Headers = [("Accept", "application/sdp")] }, now);

    private void OnDescription(RtspMessage reply, TimeSpan now)
    {
        var description = SessionDescriptionReader.Read(reply.Body);
        var (chosen, trouble) = TrackChoice.Choose(description, _events.Supports, _journey.SetsUpAll);
        if (trouble is { } why)
        {
            End(why, now);
            return;
        }

        var address = RtspUrls.Base(reply, _awaited!.Url);
        _aggregate = RtspUrls.Track(address, description.Control)[0];
        _base = description.Control is { } control && RtspUrls.IsAbsolute(control) ? _aggregate : address;
        _duration = description.Duration;
        _hasMore = TrackChoice.HasMore(description, chosen.Count);
        _chosen = chosen;
        _leftOutSound = TrackChoice.SoundLeftOut(description, chosen);
        SetUp(0, now);
    }

    private void SetUp(int index, TimeSpan now)
    {
        _chosenAt = index;
        if (index == _chosen.Count)
        {
            Play(now);
            return;
        }

        _trackUrls = RtspUrls.Track(_base, _chosen[index].Media.Control);
        _trackUrlAt = 0;
        SetUpTrack(now);
    }

    private void SetUpTrack(TimeSpan now)
    {
        string transport;
        if (IsTcp)
        {
            transport = TransportHeader.Interleaved(RequestedChannel);
        }
        else if (_wire.OpenUdp(_tracks.Count) is { } ports)
        {
            transport = TransportHeader.Udp(ports);
        }
        else
        {
            End(new Diagnosis(CaptureCause.Internal, 0, SourceTrouble.NoPorts), now);
            return;
        }

        _reader.TakesFrames |= IsTcp;
        Ask(Phase.Setup, new RtspRequest { Method = "SETUP", Url = _trackUrls[_trackUrlAt], Headers = [("Transport", transport)] }, now);
    }

    private int RequestedChannel => _tracks.Count * 2;

    private void OnSetUp(RtspMessage reply, TimeSpan now)
    {
        if (reply.Status >= 300)
        {
            OnSetUpRefused(reply, now);
            return;
        }

        TakeSession(reply);
        var transport = TransportHeader.Read(reply.Header("Transport"), IsTcp, RequestedChannel);
        if (IsTcp && !transport.IsInterleaved)
        {
            // Asked for packets in the connection, it would send them by UDP to nowhere.
            ChangeTransport(reply.Status, now);
            return;
        }

        var (media, isRecorded) = _chosen[_chosenAt];
        var track = new RtspTrack(_tracks.Count, media, transport, isRecorded);
        if (IsSettingUpPicture) _picture = track.Index;
        _tracks.Add(track);
        if (transport.IsInterleaved)
        {
            _reader.TakesFrames = true;
            _channels.Add(track);
            _reader.Expect(transport.RtpChannel);
            _reader.Expect(transport.RtcpChannel);
        }

        SetUp(_chosenAt + 1, now);
    }

    private void OnSetUpRefused(RtspMessage reply, TimeSpan now)
    {
        if (reply.Status is 400 or 404 or SessionNotFound && _trackUrlAt + 1 < _trackUrls.Count)
        {
            _trackUrlAt++;
            SetUpTrack(now);
        }
        else if (IsSettingUpPicture)
        {
            Refused(reply, now, mayChangeTransport: true);
        }
        else
        {
            // The picture is what counts.
            if (_chosen[_chosenAt] is { IsRecorded: true, Media: var media }) _leftOutSound = new LeftOutSound(TrackChoice.Printable(media.Encoding), reply.Status);
            SetUp(_chosenAt + 1, now);
        }
    }

    private void Play(TimeSpan now)
    {
        _events.OnPrepared(_tracks);
        Ask(Phase.Play, new RtspRequest { Method = "PLAY", Url = _aggregate, Headers = [FromStart] }, now);
    }

    private void OnPlay(RtspMessage reply, TimeSpan now)
    {
        TakeSession(reply);
        _phase = Phase.Playing;
        _playingSince = now;
        _keepAlive.Start(now);
        _reader.PassesNonsense = true;
        if ((PlayRange.Length(reply.Header("Range")) ?? _duration) is { } duration) _played = new PlayedTime(duration, _tracks[_picture].Media.ClockRate);
        _events.OnPlaying(_tracks);
        if (_leftOutSound is { } sound) _events.OnSoundLeftOut(sound);
        var early = _early.Take().Span;
        while (early.Length > 0 && _phase == Phase.Playing)
        {
            var packet = EarlyPackets.Next(ref early, out var channel);
            DeliverFrame(channel, packet, now);
        }
    }

    private void TakeSession(RtspMessage reply) => _session ??= SessionHeader.Read(reply.Header("Session"))?.Id;

    private void Refused(RtspMessage reply, TimeSpan now, bool mayChangeTransport)
    {
        var cause = RtspStatus.Cause(reply.Status);
        if (mayChangeTransport && cause == CaptureCause.Negotiation) ChangeTransport(reply.Status, now);
        else End(new Diagnosis(cause, reply.Status, null, _awaited!.Method), now, reply.Status == SessionNotFound && _journey.TryNewSession());
    }

    private void ChangeTransport(int status, TimeSpan now)
    {
        var hadPlayed = _journey.Transport == TransportStep.TcpAgain;
        var diagnosis = hadPlayed
            ? new Diagnosis(CaptureCause.NoMedia, 0, SourceTrouble.UdpSilent)
            : new Diagnosis(CaptureCause.Negotiation, status, status is 200 or 461 ? SourceTrouble.NoTransport : null, _awaited!.Method);
        End(diagnosis, now, _journey.TryNextTransport());
    }

    private void Redirect(string? location, int status, TimeSpan now)
    {
        var before = _journey.Request;
        var trouble = _journey.Redirect(location);
        var diagnosis = new Diagnosis(CaptureCause.Negotiation, status, trouble);
        End(new RtspOutcome(new SourceEnd(diagnosis.Cause, SourceMessages.For(diagnosis, before)), trouble is null), now);
    }

    // The other side hung up before PLAY: something may be different on another connection.
    private void OnHungUp(TimeSpan now)
    {
        if (_wasChallenged && _awaited?.SignedFor is not null)
        {
            // The second time it is the login that it does not like, and a third could lock the account.
            var mayLogIn = _journey.TryLoginAgain();
            End(new Diagnosis(CaptureCause.Authentication, 401, SourceTrouble.Rejected), now, mayLogIn);
            return;
        }

        End(new Diagnosis(CaptureCause.Disconnected, 0, null), now, _phase == Phase.Options ? _journey.TryWithoutOptions() : _journey.TryReturn());
    }
}
