using System.Globalization;
using OrleansRecorder.Cameras.Rtsp;

namespace OrleansRecorder.Cameras.Sessions;

/// <summary>
/// One client's view of one camera, from SETUP to TEARDOWN. The camera runs by itself, as a real one does: a client joins at the next
/// key frame, and who misses frames never gets them later.
/// </summary>
internal sealed class MediaSession(Camera camera, CameraClip clip, string id, Random random, WireLog? wire)
{
    private const long ReportInterval = 5 * TimeSpan.TicksPerSecond;

    // After a hole this long (the process slept) the session goes on live instead of sending everything at once.
    private const long MostCatchUp = TimeSpan.TicksPerSecond;

    private readonly List<TrackSender> _tracks = [];
    private readonly CameraQuirks _quirks = camera.Options.Quirks;
    private long _playedAt;
    private long _reportDue;
    private bool _needsKey;
    private int _firstKey;
    private int _last;
    private long _frames;

    public string Id => id;

    public Camera Camera => camera;

    public bool IsPlaying { get; private set; }

    /// <summary>More bytes than one tick can send: clips are longer than <see cref="MostCatchUp"/>.</summary>
    public int LargestTick { get; } = 4096 + clip.Tracks.Sum(t => t.Data.Length) + (clip.Resized?.Data.Length ?? 0);

    /// <summary>When the next frame is due, on the server's clock; after <see cref="Play"/> that is the first one.</summary>
    public long NextDue => _tracks[0].NextDue - camera.ClockOffset;

    /// <summary>Its place in the <see cref="SessionLedger"/>, from its first PLAY on; null before.</summary>
    public long? Counted { get; set; }

    /// <summary>The video so far, or null before the first key frame.</summary>
    public SentVideo? SentVideo => _frames == 0 ? null : new SentVideo(_firstKey, _last, _frames);

    /// <summary>Whether it has ever played.</summary>
    public bool HasPlayed => Counted is not null;

    /// <summary>Adds a track; false when it is there already.</summary>
    public bool TrySetUp(int track, byte channel, IPacketSink sink, out uint source)
    {
        source = 0;
        var media = clip.Tracks[track];
        if (IsPlaying || _tracks.Exists(t => t.Track == media)) return false;
        var sender = new TrackSender(media, channel, sink, random, _quirks);
        _tracks.Add(sender);
        source = sender.Source;
        return true;
    }

    /// <summary>Starts, and returns the value of RTP-Info: each track's first sequence number and its timestamp at the first frame's time.</summary>
    public string Play(long now, string url)
    {
        var at = Seek(now);
        foreach (var track in _tracks) track.Begin();
        (_playedAt, _reportDue, IsPlaying) = (now, now, true);
        return string.Join(',', _tracks.Select(t => string.Create(CultureInfo.InvariantCulture,
            $"url={TrackAddress.Of(camera.Options, t.IsVideo ? 0 : 1, url)};seq={t.Sequence};rtptime={t.TimestampAt(at)}")));
    }

    /// <summary>Stops sending until the next <see cref="Play"/>.</summary>
    public void Pause() => IsPlaying = false;

    /// <summary>Whether the camera's fault says that the connection breaks now.</summary>
    public bool MustReset(long now) => IsPlaying && camera.CurrentFault is { Fault.Kind: CameraFaultKind.Reset } state && Lasts(state, now);

    /// <summary>Sends what is due; <paramref name="buffer"/> is scratch space of <see cref="LargestTick"/> bytes, <paramref name="connection"/> the number for the log.</summary>
    public void Advance(long now, DateTimeOffset wallClock, Span<byte> buffer, int connection)
    {
        // Sound goes out together with the frame that it accompanies: one write a frame.
        var due = now + camera.ClockOffset;
        if (!IsPlaying || _tracks[0].NextDue > due) return;

        if (due - _tracks[0].NextDue > MostCatchUp) Seek(now);
        var state = camera.CurrentFault;
        var isDead = state.Fault.Kind == CameraFaultKind.Silent || (state.Fault.Kind == CameraFaultKind.Stall && Lasts(state, now));
        var reports = now >= _reportDue && !isDead;
        if (reports) _reportDue = now + ReportInterval;

        var written = _quirks.Transport.JunkChannel is { } junk && _tracks[0].Sink is TcpOutput && !isDead ? WriteJunk(buffer, junk) : 0;
        for (var i = 0; i < _tracks.Count; i++)
        {
            var track = _tracks[i];
            if (reports && !track.Sink.IsBlocked) written += track.WriteReport(buffer[written..], wallClock, due);
            while (track.NextDue <= due) written += isDead ? Leave(track) : WriteNext(track, state, now, buffer[written..], connection);
            if (written == 0 || (i + 1 < _tracks.Count && _tracks[i + 1].Sink == track.Sink)) continue;
            track.Sink.Send(buffer[..written]);
            written = 0;
        }
    }

    private int WriteNext(TrackSender track, FaultState state, long now, Span<byte> buffer, int connection)
    {
        var isVideo = track.IsVideo;
        if (isVideo && track.NextUnit.IsKey && _quirks.Packets.Resize is { } resize && now - _playedAt >= resize.After.Ticks) track.ChangeTo(clip.Resized!);
        if (IsWithheld(track, isVideo, state, now))
        {
            track.Skip();
            return 0;
        }

        // A frame that a slow client misses spoils all up to the next key frame.
        if (track.Sink.IsBlocked || (isVideo && _needsKey && !track.NextUnit.IsKey))
        {
            track.Drop();
            _needsKey |= isVideo;
            return 0;
        }

        if (isVideo) _needsKey = false;
        var (index, isKey, taken) = (track.NextInClip, track.NextUnit.IsKey, track.NextDue - camera.ClockOffset);
        var length = track.Write(buffer, state.IsLost, out var isWhole);
        if (!isVideo) return length;
        Count(index, isKey);
        wire?.Add(new WireFrame(connection, TimeSpan.FromTicks(now), TimeSpan.FromTicks(taken), index, isKey, isWhole));
        return length;
    }

    private void Count(int index, bool isKey)
    {
        if (_frames == 0 && !isKey) return;
        if (_frames++ == 0) _firstKey = index;
        _last = index;
    }

    // A little of nothing that anybody asked for, framed as RFC 2326 section 10.12 says.
    private static int WriteJunk(Span<byte> buffer, byte channel)
    {
        ReadOnlySpan<byte> junk = [(byte)'$', channel, 0, 8, 0x80, 0x6B, 0xDE, 0xAD, 0xBE, 0xEF, 0, 0];
        junk.CopyTo(buffer);
        return junk.Length;
    }

    private int Leave(TrackSender track)
    {
        track.Skip();
        _needsKey = true;
        return 0;
    }

    private bool IsWithheld(TrackSender track, bool isVideo, FaultState state, long now) => state.Fault.Kind switch
    {
        CameraFaultKind.NoKeyFrame => isVideo && track.NextUnit.IsKey,
        CameraFaultKind.LateKeyFrame => isVideo && track.NextUnit.IsKey && !Lasts(state, now),
        CameraFaultKind.SilentAudio => !isVideo,
        _ => false
    };

    // The seconds of a fault count from PLAY, or from when the fault came if that was later.
    private bool Lasts(FaultState state, long now) => now - Math.Max(_playedAt, state.Since) >= state.Fault.Amount * TimeSpan.TicksPerSecond;

    private long Seek(long now)
    {
        // Video leads, whatever order the client set the tracks up in.
        _tracks.Sort((a, b) => string.CompareOrdinal(b.Track.Media, a.Track.Media));
        _tracks[0].Seek(now + camera.ClockOffset);
        var at = _tracks[0].NextDue;
        foreach (var track in _tracks.Skip(1)) track.Seek(at);
        return at;
    }
}
