using OrleansRecorder.Captures;
using OrleansRecorder.Media.Native;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Captures;

/// <summary>
/// Takes what one connection delivers and writes it into files, a new one whenever the picture's format changes. What fails here is kept in
/// <see cref="Failure"/>; nothing is thrown into the source.
/// </summary>
/// <param name="state">Hears of all that happens.</param>
/// <param name="target">Gives the files.</param>
/// <param name="wanted">How much to record.</param>
/// <param name="keyFrameTimeout">How long pictures may come without one that a file can begin with.</param>
/// <param name="time">The clock.</param>
internal sealed class AttemptRecorder(CaptureState state, IRecordingTarget target, TimeSpan wanted, TimeSpan keyFrameTimeout, TimeProvider time) : IMediaSink
{
    // A picture that only claims to be a place to begin (a recovery point) will do when no other comes.
    private static readonly TimeSpan RandomAccessPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestLastPicture = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private MediaTrack? _video;
    private MediaTrack? _audio;
    private TrackClock? _videoClock;
    private TrackClock? _audioClock;
    private AudioPipeline? _sound;
    private ParameterSets? _parameterSets;
    private VideoFormat? _plainFormat;
    private PartRecorder? _part;
    private (long Time, int Rate, TimeSpan Moment)? _firstTime;
    private TimeSpan? _firstArrival;
    private TimeSpan? _firstKeyArrival;
    private TimeSpan _origin;
    private TimeSpan _finished;
    private TimeSpan _lastArrival;
    private TimeSpan _lastMoment;
    private TimeSpan? _end;
    private bool _soundCame;
    private bool _isClosed;

    /// <summary>What went wrong on our side, or null.</summary>
    public SourceEnd? Failure { get; private set; }

    /// <summary>Whether it wrote a key frame.</summary>
    public bool HasMedia { get; private set; }

    /// <inheritdoc/>
    public void OnTracks(IReadOnlyList<MediaTrack> tracks)
    {
        lock (_lock)
        {
            _video = tracks.FirstOrDefault(track => track.Kind == MediaKind.Video);
            _audio = tracks.FirstOrDefault(track => track.Kind == MediaKind.Audio);
            if (_video is null || _isClosed) return;
            _videoClock = new TrackClock(_video.ClockRate, _video.IsPaced);
            state.Enter(CaptureStatus.Connected);
            state.Describe(_video.Codec, _video.Width, _video.Height);
            if (_video.Codec is "h264" or "hevc")
            {
                _parameterSets = new ParameterSets(_video.Codec);
                _parameterSets.Observe(_video.Extradata.Span);
            }
            else
            {
                _plainFormat = new VideoFormat { Codec = _video.Codec, Width = _video.Width, Height = _video.Height, Extradata = _video.Extradata.ToArray(), ReorderDepth = 0 };
            }

            if (_audio is not null) PrepareSound(_audio);
        }
    }

    /// <inheritdoc/>
    public bool OnPicture(in AssembledPicture picture) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void OnLoss(int track, int packets)
    {
    }

    /// <inheritdoc/>
    public bool OnPacket(in MediaPacket packet)
    {
        lock (_lock)
        {
            if (_isClosed || Failure is not null || _video is null) return false;
            try
            {
                var arrival = time.GetElapsedTime(_start);
                if (packet.Track == _video.Index) return TakePicture(packet, arrival);
                if (packet.Track == _audio?.Index) TakeSound(packet, arrival);
                return true;
            }
            catch (Exception exception)
            {
                Failure = WriteFailure.Describe(exception);
                return false;
            }
        }
    }

    /// <summary>Ends the file that is open. Later packets are refused, so that a source left behind cannot write.</summary>
    /// <param name="lastsUntilNow">Nothing was wrong with the stream: its last picture was to be seen until now.</param>
    public void Close(bool lastsUntilNow)
    {
        lock (_lock)
        {
            if (_isClosed) return;
            _isClosed = true;
            var since = time.GetElapsedTime(_start) - _lastArrival;
            if (lastsUntilNow && since < LongestLastPicture) _end ??= _lastMoment + since;
            DrainSound();
            EndPart(_end);
            _sound?.Dispose();
        }
    }

    private bool TakePicture(in MediaPacket packet, TimeSpan arrival)
    {
        state.Received(packet.Data.Length, isPicture: true);
        var canBegin = Inspect(packet, arrival, out var format);
        _videoClock!.MayReorder = packet.Dts is null && format?.ReorderDepth is null or > 0;
        var decode = packet.Dts is { } dts ? _videoClock.Map(dts, arrival) : (TimeSpan?)null;
        var moment = decode is { } known ? known + Span(Math.Max(0, (packet.Pts ?? packet.Dts!.Value) - packet.Dts!.Value)) : _videoClock.Map(packet.Pts, arrival);
        _firstTime ??= (packet.Dts ?? packet.Pts) is { } first ? (first, _video!.ClockRate, moment) : null;

        if (_part is not null && canBegin && format is not null && !_part.Format.MayContinueAs(format)) EndPart(moment);
        if (_part is null)
        {
            if (!canBegin || format is null) return MayStillBegin(arrival);
            BeginPart(format, moment, arrival);
        }

        if (Recorded(moment) >= wanted)
        {
            _end = moment;
            return false;
        }

        _lastArrival = arrival;
        _lastMoment = moment;
        _part!.WriteVideo(packet.Data, moment, decode, packet.IsKey, arrival);
        state.PartGrew(_part.Recorded);
        return true;
    }

    // The source sees key frames; only here is it known that they come without parameter sets.
    private bool MayStillBegin(TimeSpan arrival)
    {
        _firstArrival ??= arrival;
        if (arrival - _firstArrival <= keyFrameTimeout) return true;
        Failure = new SourceEnd(CaptureCause.NoKeyFrame, CaptureWarnings.NothingToBeginWith);
        return false;
    }

    private bool Inspect(in MediaPacket packet, TimeSpan arrival, out VideoFormat? format)
    {
        format = _plainFormat;
        if (_parameterSets is null) return packet.IsKey;
        var unit = AccessUnit.Inspect(_video!.Codec, packet.Data);
        if (unit.HasParameterSets) _parameterSets.Observe(packet.Data);
        format = _parameterSets.Format;
        if (unit.IsRandomAccess) return true;
        if (packet.IsKey) _firstKeyArrival ??= arrival;
        return _part is null && packet.IsKey && arrival - _firstKeyArrival >= RandomAccessPatience;
    }

    private void BeginPart(VideoFormat format, TimeSpan moment, TimeSpan arrival)
    {
        var file = target.CreatePart(state.NextPart);
        _origin = moment;
        _part = new PartRecorder(file, format, expectsSound: _sound is not null, time.GetUtcNow(), moment, arrival);
        if (_soundCame) _part.OfferSound(_sound!.Format);
        HasMedia = true;
        state.PartBegan(format);
    }

    private void EndPart(TimeSpan? end)
    {
        if (_part is not { } part) return;
        _part = null;
        using (part)
        {
            try
            {
                var completed = Failure is null ? part.Complete(end) : part.Salvage();
                if (part.LacksSound) state.Warn(CaptureWarnings.SoundCameLate);
                state.PartEnded(completed);
                _finished += completed?.Duration ?? TimeSpan.Zero;
            }
            catch (Exception exception)
            {
                Failure ??= WriteFailure.Describe(exception);
                state.PartEnded(Salvage(part));
            }
        }
    }

    private static RecordedPart? Salvage(PartRecorder part)
    {
        try
        {
            return part.Salvage();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // The disk is gone; what is on it is found by the recovery at the next start.
            return null;
        }
    }

    private void TakeSound(in MediaPacket packet, TimeSpan arrival)
    {
        if (_sound is null) return;
        state.Received(packet.Data.Length, isPicture: false);
        var moment = _audioClock!.Map(packet.Pts ?? packet.Dts, arrival, CommonMoment(packet.Pts ?? packet.Dts, arrival));
        if (!_soundCame)
        {
            _soundCame = true;
            _part?.OfferSound(_sound.Format);
        }

        try
        {
            _sound.Take(packet.Data, moment, WriteSound);
        }
        catch (FFmpegException)
        {
            _sound.Dispose();
            _sound = null;
            state.Warn(CaptureWarnings.SoundFailed(_audio!.Codec));
        }
    }

    private void DrainSound()
    {
        try
        {
            if (Failure is null) _sound?.Drain(WriteSound);
        }
        catch (Exception exception) when (exception is FFmpegException or IOException)
        {
            // The last moment of sound is missing; if it is the disk, ending the file says so.
        }
    }

    // Sound may be ahead of the picture, which decides where the recording ends.
    private void WriteSound(ReadOnlySpan<byte> frame, long position)
    {
        var end = _end ?? _origin + wanted - _finished;
        if (position < end.TotalSeconds * _sound!.Format.SampleRate) _part?.WriteSound(frame, position);
    }

    // A track that begins at zero has a clock of its own; others share one, if the network agrees.
    private TimeSpan? CommonMoment(long? audioTime, TimeSpan arrival)
    {
        if (audioTime is not { } known || known == 0 || _firstTime is not { } first || first.Time == 0) return null;
        var moment = first.Moment + TimeSpan.FromSeconds(((double)known / _audio!.ClockRate) - ((double)first.Time / first.Rate));
        return (moment - arrival).Duration() < TimeSpan.FromSeconds(2) ? moment : null;
    }

    private void PrepareSound(MediaTrack track)
    {
        try
        {
            _sound = new AudioPipeline(track);
            _audioClock = new TrackClock(track.ClockRate, track.IsPaced) { MayReorder = false };
            if (_sound.IsTranscoded) state.Warn(CaptureWarnings.SoundEncoded(track.Codec));
        }
        catch (Exception exception) when (exception is FFmpegException or NotSupportedException)
        {
            state.Warn(CaptureWarnings.SoundFailed(track.Codec));
        }
    }

    private TimeSpan Span(long units) => TimeSpan.FromSeconds((double)units / _video!.ClockRate);

    private TimeSpan Recorded(TimeSpan moment) => _finished + (moment - _origin);
}
