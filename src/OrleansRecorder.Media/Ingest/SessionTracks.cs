using System.Net;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Ingest.Connections;
using OrleansRecorder.Media.Rtp;
using OrleansRecorder.Media.Rtsp;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Ingest;

/// <summary>The tracks of a session: what a dialogue delivers goes to them, and the receiver reports that they write go to the server.</summary>
internal sealed class SessionTracks(IMediaSink sink, ChunkPool pool) : IRtspEvents
{
    // Some recorders stop sending without; "at least every 5 s" with a sweep to spare.
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(4.5);

    // Opens the way back through a router: an RTP packet without payload, and an empty receiver report.
    private static readonly byte[] RtpOpener = [0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] RtcpOpener = [0x80, 201, 0, 1, 0, 0, 0, 0];

    private readonly List<(IRtpTrack Rtp, RtspTrack Rtsp)?> _tracks = [];
    private RtspDialogue _dialogue = null!;
    private IRtspWire _wire = null!;
    private IPAddress _server = IPAddress.None;
    private IReadOnlyList<UdpPair?> _udp = [];
    private IRtpTrack? _picture;
    private TimeSpan _nextReport;
    private bool _isEnding;

    /// <summary>How the recorded picture comes along.</summary>
    public MediaProgress Progress => _picture is { } picture ? new MediaProgress(picture.Packets > 0 ? picture.LastPacket : null, picture.HasKeyFrame, picture.LastPicture) : default;

    /// <summary>A connection is made.</summary>
    public void Connect(RtspDialogue dialogue, IRtspWire wire, IPAddress server, IReadOnlyList<UdpPair?> udp)
    {
        (_dialogue, _wire, _server, _udp) = (dialogue, wire, server, udp);
        _isEnding = false;
    }

    /// <summary>Hands on what waited long enough, and sends the reports that are due.</summary>
    public void Tick(TimeSpan now)
    {
        if (_tracks.Count == 0) return;
        if (_dialogue.Outcome is not null)
        {
            Flush();
            return;
        }

        foreach (var track in _tracks)
        {
            if (track is null || track.Value.Rtp.OnTick(now)) continue;
            _dialogue.Close(new SourceEnd(CaptureCause.DurationReached, LocalizedText.Empty), now);
            return;
        }

        // Not for sound: among its packets are keys of telephones and comfort noise.
        if (_picture is { HasOtherFormat: true }) _dialogue.Close(IngestMessages.FormatChanged, now);
        if (now < _nextReport) return;
        _nextReport = now + ReportInterval;
        foreach (var track in _tracks)
        {
            if (track is { } known) Report(known.Rtp, known.Rtsp, now);
        }
    }

    /// <summary>The connection is over: hands on what waits, and lets the tracks go.</summary>
    public void Disconnect()
    {
        Flush();
        foreach (var track in _tracks) track?.Rtp.Dispose();
        _tracks.Clear();
        _picture = null;
        _udp = [];
    }

    /// <inheritdoc/>
    public bool Supports(MediaDescription media)
    {
        using var track = RtpTracks.Create(media, 0, sink, pool, 0);
        return track is not null;
    }

    /// <inheritdoc/>
    public void OnPrepared(IReadOnlyList<RtspTrack> tracks)
    {
        foreach (var track in tracks)
        {
            if (track.Transport.IsInterleaved || Pair(track.Index) is not { } pair) continue;
            if (track.Transport.Source is { } source) pair.Accept(source);
            if (track.Transport.ServerPorts is not { } ports) continue;
            pair.Rtp.Send(RtpOpener, new IPEndPoint(_server, ports.Rtp));
            pair.Rtcp.Send(RtcpOpener, new IPEndPoint(_server, ports.Rtcp));
        }
    }

    /// <inheritdoc/>
    public void OnPlaying(IReadOnlyList<RtspTrack> tracks)
    {
        foreach (var track in tracks)
        {
            var rtp = track.IsRecorded ? RtpTracks.Create(track.Media, track.Index, sink, pool, (uint)Random.Shared.NextInt64(1, uint.MaxValue), track.Transport.Ssrc) : null;
            _tracks.Add(rtp is null ? null : (rtp, track));
            if (rtp?.Description.Kind == MediaKind.Video) _picture ??= rtp;
        }

        sink.OnTracks([.. _tracks.Where(track => track is not null).Select(track => track!.Value.Rtp.Description)]);
    }

    /// <inheritdoc/>
    public void OnSoundLeftOut(LeftOutSound sound) => sink.OnSoundLeftOut(sound);

    /// <inheritdoc/>
    public bool OnPacket(int track, bool isControl, ReadOnlySpan<byte> packet, TimeSpan now)
    {
        if (_isEnding || track >= _tracks.Count || _tracks[track] is not { } known) return true;
        if (!isControl) return known.Rtp.OnRtp(packet, now);
        if ((known.Rtp.OnRtcp(packet, now) & RtcpNews.Bye) != 0) _dialogue.OnBye(track, now);
        return true;
    }

    private void Flush()
    {
        if (_isEnding) return;
        _isEnding = true;
        foreach (var track in _tracks) track?.Rtp.Flush();
    }

    private void Report(IRtpTrack rtp, RtspTrack track, TimeSpan now)
    {
        Span<byte> frame = stackalloc byte[512];
        var length = rtp.WriteReceiverReport(frame[4..], now);
        if (length == 0) return;
        if (track.Transport.IsInterleaved)
        {
            (frame[0], frame[1], frame[2], frame[3]) = ((byte)'$', track.Transport.RtcpChannel, (byte)(length >> 8), (byte)length);
            _wire.Send(frame[..(4 + length)]);
        }
        else if (Pair(track.Index) is { } pair)
        {
            if (track.Transport.ServerPorts is { } ports) pair.Rtcp.Send(frame.Slice(4, length), new IPEndPoint(_server, ports.Rtcp));
            else pair.Report(frame.Slice(4, length));
        }
    }

    private UdpPair? Pair(int track) => track < _udp.Count ? _udp[track] : null;
}
