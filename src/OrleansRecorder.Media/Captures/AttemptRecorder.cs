using OrleansRecorder.Captures;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Mp4;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Sound;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Captures;

/// <summary>
/// Takes what one connection delivers and has it written into files, a new one whenever the picture's format changes. Neither waits for a disk nor for an
/// encoder. What fails here is kept in <see cref="Failure"/>; nothing is thrown into the source.
/// </summary>
/// <param name="state">Hears of all that happens.</param>
/// <param name="target">Gives the files.</param>
/// <param name="services">What it shares with others.</param>
/// <param name="wanted">How much to record.</param>
/// <param name="keyFrameTimeout">How long pictures may come without one that a file can begin with.</param>
/// <param name="time">The clock.</param>
internal sealed class AttemptRecorder(CaptureState state, IRecordingTarget target, CaptureServices services, TimeSpan wanted, TimeSpan keyFrameTimeout, TimeProvider time)
    : IMediaSink, IEncodedSoundSink
{
    // A picture that only claims to be a place to begin (a recovery point) will do when no other comes.
    private static readonly TimeSpan RandomAccessPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestLastPicture = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EncoderPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EncoderPatienceOfStop = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan DiskPatience = TimeSpan.FromSeconds(30);

    // Sets that have changed twice in so short a time will go on so: a file for each change would hold a few seconds.
    private static readonly TimeSpan FlappingTime = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly List<Task> _ending = [];
    private MediaTrack? _video;
    private MediaTrack? _audio;
    private TrackClock? _videoClock;
    private FormatWatch? _formats;
    private SoundTrack? _sound;
    private MediaBuffer? _pictures;
    private bool _ownsPictures;
    private PartRecorder? _part;
    private int _neededDepth;
    private TimeSpan? _lastChange;
    private bool _isFlapping;
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

    /// <summary>Whether it began a file.</summary>
    public bool HasMedia { get; private set; }

    /// <summary>What the files hold of sound; null before its first packet, or until the encoder says so.</summary>
    public AudioFormat? SoundFormat { get; private set; }

    /// <inheritdoc/>
    public void OnTracks(IReadOnlyList<MediaTrack> tracks)
    {
        lock (_lock)
        {
            _video = tracks.FirstOrDefault(track => track.Kind == MediaKind.Video);
            _audio = tracks.FirstOrDefault(track => track.Kind == MediaKind.Audio);
            if (_video is null || _isClosed) return;
            if (!Mp4Writer.CanHold(_video.Codec)) Fail(new NotSupportedException(_video.Codec));
            _videoClock = new TrackClock(_video.ClockRate, _video.IsPaced);
            _formats = new FormatWatch(_video);
            state.Enter(CaptureStatus.Connected);
            state.Describe(_video.Codec, _video.Width, _video.Height);
            // A source may describe its tracks anew after another way to get at them brought nothing.
            _ = _sound?.End();
            _sound = _audio is null ? null : new SoundTrack(_audio, services.Encoders, this);
        }
    }

    /// <inheritdoc/>
    public void OnSoundLeftOut(LeftOutSound sound) => state.Warn(CaptureWarnings.SoundLeftOut(sound));

    /// <inheritdoc/>
    public bool OnPicture(in AssembledPicture picture)
    {
        lock (_lock)
        {
            if (!WantsMore)
            {
                picture.Buffer.Truncate(picture.Start);
                return false;
            }

            try
            {
                var arrival = Now - picture.Age;
                Use(picture.Buffer);
                _formats!.Observe(picture.ParameterSets);
                var isKey = picture.IsKey || picture.IsRecoveryPoint;
                var hasSets = BringsSets(picture.ParameterSets);
                return Take(new Picture(picture.Start, picture.Pts, null, picture.Captured, isKey, MayBegin(picture.IsKey, isKey, arrival), hasSets), arrival);
            }
            catch (Exception exception)
            {
                return Fail(exception);
            }
        }
    }

    /// <inheritdoc/>
    public bool OnPacket(in MediaPacket packet)
    {
        (PartRecorder? Part, SoundTrack? Sound) heldUp;
        lock (_lock)
        {
            if (!WantsMore) return false;
            try
            {
                var arrival = Now;
                if (packet.Track == _audio?.Index) TakeSound(packet, arrival);
                else if (packet.Track == _video!.Index && !TakeCopy(packet, arrival)) return false;
                if (_video!.IsPaced) return true;
                heldUp = (_part, _sound);
            }
            catch (Exception exception)
            {
                return Fail(exception);
            }
        }

        // A file or a playlist comes as fast as it is taken: nothing of it need be left out.
        heldUp.Part?.WaitForRoom(DiskPatience);
        heldUp.Sound?.WaitForRoom(DiskPatience);
        return true;
    }

    /// <inheritdoc/>
    public void OnLoss(int track, int packets)
    {
        state.Lost(packets);
        services.Counters.Lost(packets);
    }

    /// <inheritdoc/>
    public void OnDamagedSet(int track) => state.LeaveOutSet();

    /// <inheritdoc/>
    public void OnEncoded(AudioFormat format, EncodedFrames frames)
    {
        lock (_lock)
        {
            OfferSound(format);
            frames.MoveTo((frame, position) => WriteSound(format, frame, position));
        }
    }

    /// <inheritdoc/>
    public void OnEncodingFailed()
    {
        lock (_lock)
        {
            _sound = null;
            _part?.ExpectNoSound();
            state.Warn(CaptureWarnings.SoundFailed(_audio!.Codec));
        }
    }

    /// <summary>
    /// Ends the file that is open; complete when all files have their final names, which takes as long as the disk does. Later packets are refused, so that a
    /// source left behind cannot write. Idempotent.
    /// </summary>
    /// <param name="stoppedAt">When it was stopped, and nothing was wrong with the stream (a timestamp of the clock): its last picture was to be seen until then. Null when it ended by itself.</param>
    /// <param name="isLeftBehind">The source may still be at work on its buffers: what waits in them is lost.</param>
    public async Task Close(long? stoppedAt, bool isLeftBehind = false)
    {
        SoundTrack? sound;
        lock (_lock)
        {
            if (_isClosed) return;
            _isClosed = true;
            // What came after the stop was read is as long as any picture.
            if (stoppedAt is { } stop && time.GetElapsedTime(_start, stop) - _lastArrival is var since && since > TimeSpan.Zero && since < LongestLastPicture) _end ??= _lastMoment + since;
            sound = _sound;
        }

        if (sound is not null) await Task.WhenAny(sound.End(), Task.Delay(stoppedAt is not null ? EncoderPatienceOfStop : EncoderPatience, time));
        lock (_lock)
        {
            EndPart(_end, mayCut: _ownsPictures || !isLeftBehind);
            _sound = null;
            _pictures?.Dispose();
            _pictures = null;
            state.Report(services.Counters);
        }

        await Task.WhenAll(_ending);
    }

    private bool WantsMore => !_isClosed && _end is null && Failure is null && _video is not null;

    private TimeSpan Now => time.GetElapsedTime(_start);

    private bool Fail(Exception exception)
    {
        Failure ??= WriteFailure.Describe(exception);
        return false;
    }

    private void Use(MediaBuffer buffer)
    {
        if (ReferenceEquals(_pictures, buffer)) return;
        EndPart(null, mayCut: true);
        _pictures?.Dispose();
        _pictures = buffer;
        _ownsPictures = false;
        buffer.Hold();
    }

    private bool TakeCopy(in MediaPacket packet, TimeSpan arrival)
    {
        _pictures ??= new MediaBuffer(services.Pool);
        _ownsPictures = true;
        var start = _pictures.End;
        if (_formats!.IsPlain)
        {
            _pictures.Append(packet.Data);
            return Take(new Picture(start, packet.Pts, packet.Dts, packet.Captured, packet.IsKey, packet.IsKey, HasSets: true), arrival);
        }

        var unit = AccessUnit.Inspect(_video!.Codec, packet.Data);
        _formats.Observe(unit.ParameterSets);
        LengthPrefixed.Append(_video.Codec, packet.Data, _pictures);
        var hasSets = BringsSets(unit.ParameterSets);
        return Take(new Picture(start, packet.Pts, packet.Dts, packet.Captured, packet.IsKey, MayBegin(unit.IsRandomAccess, packet.IsKey, arrival), hasSets), arrival);
    }

    // H.265 comes without, since hvc1 wants none in its samples; pictures of codecs that have none lack nothing.
    private bool BringsSets(ReadOnlySpan<byte> sets) => _formats!.IsPlain || (!sets.IsEmpty && _video!.Codec == "h264");

    // The source sees key frames; only here is it known that they come without parameter sets.
    private bool MayBegin(bool isRandomAccess, bool isKey, TimeSpan arrival)
    {
        if (isRandomAccess || !isKey) return isRandomAccess;
        _firstKeyArrival ??= arrival;
        return _part is null && arrival - _firstKeyArrival >= RandomAccessPatience;
    }

    // The picture lies at the end of the buffer, and is cut off again if it goes into no file.
    private bool Take(in Picture picture, TimeSpan arrival)
    {
        var isTaken = false;
        try
        {
            return Place(picture, arrival, out isTaken);
        }
        finally
        {
            if (!isTaken) _pictures!.Truncate(picture.Start);
        }
    }

    private bool Place(in Picture picture, TimeSpan arrival, out bool isTaken)
    {
        isTaken = false;
        var length = (int)(_pictures!.End - picture.Start);
        state.Received(length, isPicture: true, services.Counters);
        if (length == 0) return true;
        if (_part?.Failure is { } failure) return Fail(failure);
        var format = _formats!.Current;
        var (moment, decode) = Map(picture, format, arrival);

        if (_part is not null && picture.CanBegin && format is not null && !_part.MayContinueAs(format)) Change(_part.Format, format, moment);
        if (_part is null)
        {
            if (!picture.CanBegin || format is null) return MayStillBegin(arrival);
            BeginPart(format, picture.Start, moment, arrival);
        }

        if (Recorded(moment) >= wanted)
        {
            // After a gap the next picture may be far beyond.
            _end = _origin + wanted - _finished;
            return false;
        }

        _lastArrival = arrival;
        _lastMoment = moment;
        if (!picture.HasSets && _part!.LacksSets(format!, picture.IsKey)) LengthPrefixed.Insert(format!.Extradata, _pictures, picture.Start);
        isTaken = _part!.Take((int)(_pictures.End - picture.Start), format!, moment, decode, picture.IsKey, arrival);
        if (isTaken) state.PartGrew(_part.Recorded);
        else LeaveOut();
        return true;
    }

    private void Change(VideoFormat last, VideoFormat next, TimeSpan moment)
    {
        if (last.HasDecoderOf(next) && !last.MayContinueAs(next))
        {
            _isFlapping |= moment - _lastChange < FlappingTime;
            _lastChange = moment;
        }

        EndPart(moment, mayCut: true);
    }

    private (TimeSpan Moment, TimeSpan? Decode) Map(in Picture picture, VideoFormat? format, TimeSpan arrival)
    {
        _videoClock!.MayReorder = picture.Dts is null && format?.ReorderDepth is null or > 0;
        var decode = picture.Dts is { } dts ? _videoClock.Map(dts, arrival) : (TimeSpan?)null;
        var moment = decode is { } known ? known + Span(Math.Max(0, (picture.Pts ?? picture.Dts!.Value) - picture.Dts!.Value)) : _videoClock.Map(picture.Pts, arrival);
        _firstTime ??= (picture.Dts ?? picture.Pts) is { } first ? (first, _video!.ClockRate, moment) : null;
        if (_videoClock.UsesArrival) _sound?.OnUselessPictureTimes();
        else if (picture.Captured is { } captured) _sound?.OnPicture(captured, moment, arrival);
        return (moment, decode);
    }

    private bool MayStillBegin(TimeSpan arrival)
    {
        _firstArrival ??= arrival;
        if (arrival - _firstArrival <= keyFrameTimeout) return true;
        Failure = new SourceEnd(CaptureCause.NoKeyFrame, CaptureWarnings.NothingToBeginWith);
        return false;
    }

    private void LeaveOut()
    {
        state.LeaveOut();
        services.Counters.LeaveOut();
    }

    private void LeaveOutSound()
    {
        state.LeaveOutSound();
        services.Counters.LeaveOutSound();
    }

    private void BeginPart(VideoFormat format, long start, TimeSpan moment, TimeSpan arrival)
    {
        // What a source left in front of the picture is in no file.
        _pictures!.Take(start).Dispose();
        var file = new PartFile(target, state.NextPart, services.Writers);
        _origin = moment;
        var itself = _isFlapping && !_formats!.IsPlain ? format with { HasSetsInBand = true } : format;
        _part = new PartRecorder(file, itself, _pictures, services.Pool, expectsSound: _sound is not null, time.GetUtcNow(), moment, arrival, _neededDepth);
        if (_sound is not null && SoundFormat is { } sound) _part.OfferSound(sound);
        HasMedia = true;
        state.PartBegan(format);
    }

    private void EndPart(TimeSpan? end, bool mayCut)
    {
        if (_part is not { } part) return;
        _part = null;
        _neededDepth = Math.Max(_neededDepth, part.NeededDepth);
        Task<PartEnd> ending;
        try
        {
            ending = part.End(end, mayCut);
        }
        catch (Exception exception)
        {
            Fail(exception);
            ending = part.End(end, mayCut: false);
        }

        part.Dispose();
        if (part.LacksSound) state.Warn(CaptureWarnings.SoundCameLate);
        _finished += part.Recorded;
        state.PartEnding(part.Recorded);
        _ending.Add(Ended(ending, state.NextPart - 1, part.Recorded));
    }

    private async Task Ended(Task<PartEnd> ending, int number, TimeSpan expected)
    {
        var end = await ending.ConfigureAwait(false);
        lock (_lock)
        {
            if (end.Failure is { } failure) Fail(failure);
        }

        state.PartEnded(number, end.Part, expected);
    }

    private void TakeSound(in MediaPacket packet, TimeSpan arrival)
    {
        if (_sound is null) return;
        state.Received(packet.Data.Length, isPicture: false, services.Counters);
        if (!_soundCame && _sound.IsEncoded) state.Warn(CaptureWarnings.SoundEncoded(_audio!.Codec));
        var position = _sound.Take(packet, arrival, CommonMoment(packet.Pts ?? packet.Dts, arrival), out var isLeftOut);
        if (isLeftOut) LeaveOutSound();
        _soundCame = true;
        if (_sound.Format is not { } format) return;
        OfferSound(format);
        if (position is { } known) WriteSound(format, packet.Data, known);
    }

    private void OfferSound(AudioFormat format)
    {
        SoundFormat = format;
        _part?.OfferSound(format);
    }

    // Sound may be ahead of the picture, which decides where the recording ends.
    private void WriteSound(AudioFormat format, ReadOnlySpan<byte> frame, long position)
    {
        var end = _end ?? _origin + wanted - _finished;
        if (position < end.TotalSeconds * format.SampleRate && _part?.TakeSound(frame, position) == false) LeaveOutSound();
    }

    // libavformat gives its tracks a common beginning. A track that begins at zero has a clock of its own; others share one, if the network agrees.
    private TimeSpan? CommonMoment(long? audioTime, TimeSpan arrival)
    {
        if (!_ownsPictures || audioTime is not { } known || known == 0 || _firstTime is not { } first || first.Time == 0) return null;
        var moment = first.Moment + TimeSpan.FromSeconds(((double)known / _audio!.ClockRate) - ((double)first.Time / first.Rate));
        return (moment - arrival).Duration() < TimeSpan.FromSeconds(2) ? moment : null;
    }

    private TimeSpan Span(long units) => TimeSpan.FromSeconds((double)units / _video!.ClockRate);

    private TimeSpan Recorded(TimeSpan moment) => _finished + (moment - _origin);

    /// <summary>A picture at the end of the buffer.</summary>
    /// <param name="Start">Its first byte.</param>
    /// <param name="Pts">Presentation time in the track's clock.</param>
    /// <param name="Dts">Decoding time in the track's clock.</param>
    /// <param name="Captured">See <see cref="MediaPacket.Captured"/>.</param>
    /// <param name="IsKey">Decoding can begin with it, or it says so.</param>
    /// <param name="CanBegin">A file can begin with it.</param>
    private readonly record struct Picture(long Start, long? Pts, long? Dts, TimeSpan? Captured, bool IsKey, bool CanBegin, bool HasSets);
}
