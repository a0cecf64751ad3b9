using OrleansRecorder.Captures;
using OrleansRecorder.Media.Rtsp.Authentication;
using OrleansRecorder.Media.Rtsp.Descriptions;
using OrleansRecorder.Media.Rtsp.Messages;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtsp;

/// <summary>
/// One RTSP connection (RFC 2326) without its socket: bytes and time go in, bytes and packets come out. From OPTIONS to TEARDOWN it keeps its own deadlines,
/// by the time that is handed in. Nothing that a server sends makes it throw. One thread at a time.
/// </summary>
internal sealed partial class RtspDialogue
{
    /// <summary>The most bytes that <see cref="Receive"/> leaves: an interleaved packet and what tells whether another follows.</summary>
    public const int MaxRest = (64 << 10) + 16;

    private const int FirstRtcpType = 200;
    private const int LastRtcpType = 207;
    private static readonly TimeSpan UdpPatience = TimeSpan.FromSeconds(3);

    // For so long after a goodbye a sender may turn up again, and what was sent before it may still be on its way.
    private static readonly TimeSpan GoodbyePatience = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Straggling = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(1.5);

    private readonly RtspJourney _journey;
    private readonly IRtspEvents _events;
    private readonly IRtspWire _wire;
    private readonly RtspReader _reader = new();
    private readonly RequestLedger _requests = new();
    private readonly ChannelMap _channels = new();
    private readonly EarlyPackets _early = new();
    private readonly KeepAlive _keepAlive = new();
    private readonly List<RtspTrack> _tracks = [];
    private readonly Dictionary<int, TimeSpan> _goodbyes = [];
    private Phase _phase;
    private TimeSpan _playingSince;
    private TimeSpan _closeDeadline;
    private PlayedTime? _played;
    private bool _anyPacket;

    internal RtspDialogue(RtspJourney journey, IRtspEvents events, IRtspWire wire)
    {
        _journey = journey;
        _events = events;
        _wire = wire;
    }

    private enum Phase
    {
        Ready,
        Options,
        Describe,
        Setup,
        Play,
        Playing,
        Closing,
        Over,
    }

    /// <summary>How it ended; null while it goes on. The connection stays open for TEARDOWN until <see cref="IsOver"/>.</summary>
    public RtspOutcome? Outcome { get; private set; }

    /// <summary>Everything is said: the connection is to be closed now, and <see cref="Outcome"/> is there.</summary>
    public bool IsOver => _phase == Phase.Over;

    /// <summary>PLAY was accepted, and the dialogue is not ending.</summary>
    public bool IsPlaying => _phase == Phase.Playing;

    /// <summary>Interleaved packets of nobody: on channels that were never set up, or too many before the reply to PLAY.</summary>
    public long StrayPackets { get; private set; }

    /// <summary>Bytes that were neither packet nor message.</summary>
    public long SkippedBytes => _reader.Skipped;

    /// <summary>The connection is made: sends the first request.</summary>
    public void Start(TimeSpan now)
    {
        if (_phase != Phase.Ready) return;
        if (_journey.LeavesOptionsOut) Describe(now);
        else Ask(Phase.Options, new RtspRequest { Method = "OPTIONS", Url = _journey.RequestUrl }, now);
    }

    /// <summary>
    /// Takes bytes of the connection; says how many are done with. The rest, no more than <see cref="MaxRest"/>, is to be handed in again in front of the
    /// next ones. Allocates nothing for interleaved packets.
    /// </summary>
    public int Receive(ReadOnlySpan<byte> data, TimeSpan now)
    {
        var rest = data;
        while (_phase != Phase.Over)
        {
            switch (_reader.Next(ref rest, out var frame))
            {
                case RtspItem.Frame:
                    OnFrame(_reader.Channel, frame, now);
                    break;
                case RtspItem.Message:
                    OnMessage(_reader.Message, now);
                    break;
                case RtspItem.Broken:
                    OnBroken(now);
                    break;
                default:
                    return data.Length - rest.Length;
            }
        }

        return data.Length;
    }

    /// <summary>Takes a UDP packet of a track, RTP and RTCP alike, while <see cref="IsPlaying"/>.</summary>
    public void OnDatagram(int track, ReadOnlySpan<byte> packet, TimeSpan now)
    {
        if (_phase == Phase.Playing) Deliver(track, packet, now);
    }

    /// <summary>
    /// The sender of a track said goodbye (RTCP BYE): when all have whose media is recorded, and no packet follows within half a second, the stream is over.
    /// Some say it at each change of their SSRC, and go on.
    /// </summary>
    public void OnBye(int track, TimeSpan now)
    {
        if (_phase == Phase.Playing) _goodbyes[track] = now;
    }

    /// <summary>Looks at the deadlines, and keeps the session alive. To be called every sweep.</summary>
    public void Tick(TimeSpan now, MediaProgress media)
    {
        switch (_phase)
        {
            case Phase.Ready or Phase.Over:
                break;
            case Phase.Closing:
                if (now >= _closeDeadline) _phase = Phase.Over;
                break;
            case Phase.Playing:
                WatchMedia(now, media);
                if (_phase == Phase.Playing && _goodbyes.Count > 0 && HaveAllLeft(now)) EndOfStream(now);
                if (_phase == Phase.Playing && _keepAlive.IsDue(now)) KeepSessionAlive();
                break;
            default:
                if (now >= _journey.Deadline) End(new Diagnosis(CaptureCause.ConnectTimeout, 0, null), now);
                else if (now >= _replyDeadline) End(new Diagnosis(CaptureCause.ConnectTimeout, 0, SourceTrouble.NoReply, _awaited!.Method), now, _phase == Phase.Options && _journey.TryWithoutOptions());
                break;
        }
    }

    /// <summary>The other side closed or reset the connection.</summary>
    public void OnClosed(TimeSpan now)
    {
        // There is nobody left to send TEARDOWN to.
        _session = null;
        switch (_phase)
        {
            case Phase.Playing:
                EndOfStream(now);
                break;
            case not (Phase.Closing or Phase.Over):
                OnHungUp(now);
                break;
        }

        _phase = Phase.Over;
    }

    /// <summary>Ends it from our side with this end, unless it is ending already: TEARDOWN, and 1.5 s for its reply.</summary>
    public void Close(SourceEnd end, TimeSpan now) => End(new RtspOutcome(end, ConnectAgain: false), now);

    private void OnFrame(byte channel, ReadOnlySpan<byte> packet, TimeSpan now)
    {
        switch (_phase)
        {
            case Phase.Playing:
                DeliverFrame(channel, packet, now);
                break;
            case Phase.Setup or Phase.Play:
                if (!_early.Add(channel, packet)) StrayPackets++;
                break;
        }
    }

    private void DeliverFrame(byte channel, ReadOnlySpan<byte> packet, TimeSpan now)
    {
        var track = _channels.Find(channel, packet);
        if (track < 0) StrayPackets++;
        else Deliver(track, packet, now);
    }

    private void Deliver(int track, ReadOnlySpan<byte> packet, TimeSpan now)
    {
        var isControl = packet.Length > 1 && packet[1] is >= FirstRtcpType and <= LastRtcpType;
        _anyPacket |= !isControl;
        if (!isControl && track == _picture) _played?.Take(packet);
        if (!isControl && _goodbyes.Count > 0 && _goodbyes.TryGetValue(track, out var left) && now - left > Straggling) _goodbyes.Remove(track);
        if (!_events.OnPacket(track, isControl, packet, now)) Close(new SourceEnd(CaptureCause.DurationReached, LocalizedText.Empty), now);
    }

    private bool HaveAllLeft(TimeSpan now) => _tracks.TrueForAll(track => !track.IsRecorded || (_goodbyes.TryGetValue(track.Index, out var left) && now - left >= GoodbyePatience));

    private void WatchMedia(TimeSpan now, MediaProgress media)
    {
        var request = _journey.Request;
        if (media.LastPacket is { } last)
        {
            // After a loss nothing is whole until the next key frame, and some senders make none unless they are asked anew.
            var since = media.HasKeyFrame ? media.LastPicture ?? now : _playingSince;
            if (now - last > request.ReadTimeout) EndOfStream(now, CaptureCause.Stalled);
            else if (now - since > request.KeyFrameTimeout) End(new Diagnosis(CaptureCause.NoKeyFrame, 0, null), now);
            return;
        }

        var patience = _tracks[_picture].Transport.IsInterleaved || request.ReadTimeout < UdpPatience ? request.ReadTimeout : UdpPatience;
        if (now - _playingSince > patience) End(new Diagnosis(CaptureCause.NoMedia, 0, null), now, _journey.TryAfterSilence(_hasMore, now));
    }

    // A recording of the server's that came whole has ended as it should.
    private void EndOfStream(TimeSpan now, CaptureCause cause = CaptureCause.Disconnected)
    {
        if (_played is { IsComplete: true }) Close(new SourceEnd(CaptureCause.DurationReached, LocalizedText.Empty), now);
        else End(new Diagnosis(cause, 0, null), now);
    }

    private void OnBroken(TimeSpan now)
    {
        if (_phase != Phase.Closing)
        {
            End(new Diagnosis(CaptureCause.Protocol, 0, _reader.Fault switch { RtspFault.NotRtsp => SourceTrouble.NotRtsp, RtspFault.TooLong => SourceTrouble.TooLong, _ => SourceTrouble.FramingLost }), now);
        }

        // No reply to TEARDOWN can be read any more.
        _phase = Phase.Over;
    }

    private void End(Diagnosis diagnosis, TimeSpan now, bool connectAgain = false) => End(new RtspOutcome(_journey.End(diagnosis), connectAgain), now);

    private void End(RtspOutcome outcome, TimeSpan now)
    {
        if (Outcome is not null) return;
        Outcome = outcome;
        _ = _early.Take();
        _closeDeadline = now + CloseLimit;
        _signedAgain = false;
        _reader.PassesNonsense = false;
        if (_phase == Phase.Playing) _journey.Authenticator.BeginAnew();
        var waitsForSession = _phase == Phase.Setup && _session is null && _requests.IsOpen(_awaited!);
        _phase = Phase.Closing;
        if (_session is not null) SendTeardown();
        else if (!waitsForSession) _phase = Phase.Over;
    }

    // The login was good for PLAY: what became of it at the last keep-alive is not held against this one.
    private void KeepSessionAlive()
    {
        _signedAgain = false;
        _journey.Authenticator.BeginAnew();
        Send(new RtspRequest { Method = _keepAlive.Method, Url = _aggregate });
    }

    private void SendTeardown() => Send(new RtspRequest { Method = "TEARDOWN", Url = _aggregate });

    private void Send(RtspRequest request)
    {
        _requests.Add(request);
        request.SignedFor = _journey.Authenticator.Current;
        _wire.Send(request.Write(_journey.Authenticator.Sign(request.Method, request.Url), _session));
    }
}
