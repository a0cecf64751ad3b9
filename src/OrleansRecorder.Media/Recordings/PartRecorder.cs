using System.Buffers;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Captures;
using OrleansRecorder.Media.Native;

namespace OrleansRecorder.Media.Recordings;

/// <summary>
/// Writes one file, from a key frame on. The first pictures wait, for a moment only, until it is known whether there is sound and in which
/// order pictures are shown; then whatever came is on disk a second later.
/// </summary>
internal sealed class PartRecorder : IDisposable
{
    private const int MaxQueuedBytes = 16 << 20;
    private const int PicturesThatShowTheOrder = 5;
    private static readonly TimeSpan SoundPatience = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(0.9);
    private static readonly TimeSpan SlowPicture = TimeSpan.FromSeconds(0.3);

    private readonly IRecordingFile _file;
    private readonly VideoFormat _format;
    private readonly DateTimeOffset _startedAt;
    private readonly TimeSpan _origin;
    private readonly TimeSpan _startArrival;
    private readonly bool _expectsSound;
    private readonly List<QueuedPicture> _queue = [];
    private int _queuedBytes;
    private AudioFormat? _sound;
    private Mp4Muxer? _muxer;
    private DecodeTimes? _decodeTimes;
    private TimeSpan _lastFlush;
    private TimeSpan _lastMoment;
    private long _lastDecode = long.MinValue;
    private long _lastSample = long.MinValue;
    private bool _isClosed;

    public PartRecorder(IRecordingFile file, VideoFormat format, bool expectsSound, DateTimeOffset startedAt, TimeSpan origin, TimeSpan arrival)
    {
        _file = file;
        _format = format;
        _expectsSound = expectsSound;
        _startedAt = startedAt;
        _origin = origin;
        _startArrival = _lastFlush = arrival;
        _lastMoment = origin;
    }

    /// <summary>The format that the file began with.</summary>
    public VideoFormat Format => _format;

    /// <summary>Media so far.</summary>
    public TimeSpan Recorded => _lastMoment - _origin;

    /// <summary>Sound was expected, but came too late for the header.</summary>
    public bool LacksSound => _expectsSound && _sound is null && _muxer is not null;

    /// <summary>Sound has come: the file will hold it, if its header is not written yet.</summary>
    public void OfferSound(AudioFormat format)
    {
        if (_muxer is null) _sound = format;
    }

    /// <summary>Takes a picture at a moment of the connection; <paramref name="decode"/> when the source knows it.</summary>
    public void WriteVideo(ReadOnlySpan<byte> data, TimeSpan moment, TimeSpan? decode, bool isKey, TimeSpan arrival)
    {
        var isSlow = moment - _lastMoment > SlowPicture;
        if (moment > _lastMoment) _lastMoment = moment;
        if (_muxer is null)
        {
            Enqueue(data, moment, decode, isKey);
            if (!IsReady(arrival)) return;
            Begin();
        }
        else
        {
            if (isKey || arrival - _lastFlush >= FlushInterval) Flush(arrival);
            Write(data, moment, decode, isKey);
        }

        if (isSlow) Flush(arrival);
    }

    /// <summary>Takes a frame of AAC, at a position in samples since the connection began.</summary>
    public void WriteSound(ReadOnlySpan<byte> frame, long position)
    {
        if (_muxer is null || _sound is not { } sound) return;
        var sample = position - (long)(_origin.TotalSeconds * sound.SampleRate);
        if (sample < 0 || sample <= _lastSample) return;
        _muxer.WriteAudio(frame, sample);
        _lastSample = sample;
    }

    /// <summary>Ends the file, which gets its final name.</summary>
    /// <param name="end">The moment at which the last picture ends; null to let it last as long as the one before.</param>
    public RecordedPart Complete(TimeSpan? end)
    {
        if (_muxer is null) Begin();
        _muxer!.Finish(end is { } moment ? Units(moment - _origin) : null);
        if (end > _lastMoment) _lastMoment = end.Value;
        _isClosed = true;
        return Publish(new RecordedPart { Filename = _file.Filename, StartedAt = _startedAt, Duration = Recorded, Size = _file.Stream.Length });
    }

    /// <summary>After a failure: keeps what is on disk if it holds anything that plays.</summary>
    public RecordedPart? Salvage()
    {
        _isClosed = true;
        // Opened once more by its path, the file could meet its own writer's lock on a network file system.
        var onDisk = _file.Stream.CanRead ? Mp4Recovery.Inspect(_file.Stream) : Mp4Recovery.Inspect(_file.Stream.Name);
        if (!onDisk.HasKeyFrame)
        {
            _file.Discard();
            return null;
        }

        _file.Stream.SetLength(onDisk.Length);
        return Publish(new RecordedPart { Filename = _file.Filename, StartedAt = _startedAt, Duration = onDisk.Duration, Size = onDisk.Length });
    }

    public void Dispose()
    {
        foreach (var picture in _queue) picture.Release();
        _queue.Clear();
        _muxer?.Dispose();
        try
        {
            if (!_isClosed) _file.Discard();
            _file.Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // What could not be removed now is found by the recovery at the next start.
        }
    }

    private bool IsReady(TimeSpan arrival)
    {
        if (_queuedBytes > MaxQueuedBytes) return true;
        var knowsSound = !_expectsSound || _sound is not null || arrival - _startArrival >= SoundPatience;
        var knowsOrder = _format.ReorderDepth is not null || _queue.Count >= PicturesThatShowTheOrder || arrival - _startArrival >= SoundPatience;
        return knowsSound && knowsOrder;
    }

    private void Enqueue(ReadOnlySpan<byte> data, TimeSpan moment, TimeSpan? decode, bool isKey)
    {
        var picture = new QueuedPicture(ArrayPool<byte>.Shared.Rent(data.Length), data.Length, moment, decode, isKey);
        data.CopyTo(picture.Buffer);
        _queue.Add(picture);
        _queuedBytes += data.Length;
    }

    private void Begin()
    {
        _decodeTimes = new DecodeTimes(_format.ReorderDepth ?? ObservedDepth());
        _muxer = new Mp4Muxer(_file.Stream, _format, _sound);
        foreach (var picture in _queue)
        {
            Write(picture.Buffer.AsSpan(0, picture.Length), picture.Moment, picture.Decode, picture.IsKey);
            picture.Release();
        }

        _queue.Clear();
    }

    // How many pictures came before one that is shown earlier.
    private int ObservedDepth()
    {
        var depth = 0;
        for (var i = 1; i < _queue.Count; i++) depth = Math.Max(depth, _queue.Take(i).Count(earlier => earlier.Moment > _queue[i].Moment));
        return depth;
    }

    private void Write(ReadOnlySpan<byte> data, TimeSpan moment, TimeSpan? decode, bool isKey)
    {
        var presentation = Math.Max(0, Units(moment - _origin));
        var decodeAt = decode is { } known ? Units(known - _origin) : _decodeTimes!.Next(ref presentation);
        if (decodeAt <= _lastDecode) decodeAt = _lastDecode + 1;
        if (presentation < decodeAt) presentation = decodeAt;
        _lastDecode = decodeAt;
        _muxer!.WriteVideo(data, presentation, decodeAt, isKey);
    }

    private void Flush(TimeSpan arrival)
    {
        _muxer!.Flush();
        _lastFlush = arrival;
    }

    // The name may have been taken meanwhile: the one that it got is told.
    private RecordedPart Publish(RecordedPart part)
    {
        _file.Complete(part);
        return part with { Filename = _file.Filename };
    }

    private static long Units(TimeSpan span) => (long)Math.Round(span.TotalSeconds * Mp4Muxer.VideoClock);

    private readonly record struct QueuedPicture(byte[] Buffer, int Length, TimeSpan Moment, TimeSpan? Decode, bool IsKey)
    {
        public void Release() => ArrayPool<byte>.Shared.Return(Buffer);
    }
}
