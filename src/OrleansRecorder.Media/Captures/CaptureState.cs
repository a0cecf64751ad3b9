using OrleansRecorder.Captures;
using OrleansRecorder.Media.Metrics;
using OrleansRecorder.Media.Recordings;

namespace OrleansRecorder.Media.Captures;

/// <summary>What a capture has done so far, over all its connections. Written by the one that runs, read from anywhere.</summary>
internal sealed class CaptureState(CaptureOrder order, TimeProvider time)
{
    private const int FramesBetweenReports = 32;
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly SortedList<int, RecordedPart> _parts = [];
    private readonly List<LocalizedText> _warnings = [];
    private CaptureStatus _status = CaptureStatus.Connecting;
    private TimeSpan _finished;
    private TimeSpan _ending;
    private long _current;
    private long _bytes;
    private long _frames;
    private long _bytesReported;
    private long _framesReported;
    private long _lost;
    private long _leftOut;
    private long _leftOutSound;
    private long _leftOutSets;
    private string _codec = "";
    private (int Width, int Height) _size;
    private int? _firstFrameMs;
    private DateTimeOffset? _firstFrameAt;
    private long _lastPicture;
    private bool _isAnnounced;

    /// <summary>When it began (UTC).</summary>
    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    /// <summary>A snapshot.</summary>
    public CaptureProgress Progress
    {
        get
        {
            lock (_lock)
            {
                return new CaptureProgress
                {
                    Identity = order.Identity,
                    Status = _status,
                    Recorded = RecordedNeedsLock,
                    Bytes = Interlocked.Read(ref _bytes),
                    Frames = Interlocked.Read(ref _frames),
                    Codec = _codec,
                    Width = _size.Width,
                    Height = _size.Height,
                    FirstFrameMs = _firstFrameMs,
                    FirstFrameAt = _firstFrameAt,
                    PartsBegun = NextPart - order.FirstPart + (_isAnnounced ? 1 : 0),
                };
            }
        }
    }

    /// <summary>Media of all files.</summary>
    public TimeSpan Recorded
    {
        get
        {
            lock (_lock) return RecordedNeedsLock;
        }
    }

    /// <summary>The finished files, in the order of their numbers.</summary>
    public RecordedPart[] Parts
    {
        get
        {
            lock (_lock) return [.. _parts.Values];
        }
    }

    /// <summary>What else the report should say.</summary>
    public LocalizedText[] Warnings
    {
        get
        {
            var (lost, leftOut, leftOutSound, leftOutSets) =
                (Interlocked.Read(ref _lost), Interlocked.Read(ref _leftOut), Interlocked.Read(ref _leftOutSound), Interlocked.Read(ref _leftOutSets));
            lock (_lock)
            {
                return [.. _warnings, .. lost > 0 ? [CaptureWarnings.PacketsLost(lost)] : Array.Empty<LocalizedText>(),
                    .. leftOut > 0 ? [CaptureWarnings.PicturesLeftOut(leftOut)] : Array.Empty<LocalizedText>(),
                    .. leftOutSound > 0 ? [CaptureWarnings.SoundLeftOut(leftOutSound)] : Array.Empty<LocalizedText>(),
                    .. leftOutSets > 0 ? [CaptureWarnings.SetsLeftOut(leftOutSets)] : Array.Empty<LocalizedText>()];
            }
        }
    }

    /// <summary>The number that the next file gets.</summary>
    public int NextPart { get; private set; } = order.FirstPart;

    /// <summary>Since the last picture was written, or since the start.</summary>
    public TimeSpan WithoutMedia => time.GetElapsedTime(Interlocked.Read(ref _lastPicture) is var last and not 0 ? last : _start);

    /// <summary>Enters a phase.</summary>
    public void Enter(CaptureStatus status)
    {
        lock (_lock) _status = status;
    }

    /// <summary>The codec is known, perhaps the size too.</summary>
    public void Describe(string codec, int width, int height)
    {
        lock (_lock)
        {
            _codec = codec;
            if (width > 0) _size = (width, height);
        }
    }

    /// <summary>Media came.</summary>
    public void Received(int bytes, bool isPicture, MediaCounters counters)
    {
        Interlocked.Add(ref _bytes, bytes);
        if (isPicture && (Interlocked.Increment(ref _frames) & (FramesBetweenReports - 1)) == 0) Report(counters);
    }

    /// <summary>Adds to the counters what has come since the last time.</summary>
    public void Report(MediaCounters counters)
    {
        var (bytes, frames) = (Interlocked.Read(ref _bytes), Interlocked.Read(ref _frames));
        counters.Add(bytes - Interlocked.Exchange(ref _bytesReported, bytes), frames - Interlocked.Exchange(ref _framesReported, frames));
    }

    /// <summary>Packets will not come any more.</summary>
    public void Lost(int packets) => Interlocked.Add(ref _lost, packets);

    /// <summary>A picture came that had to be left out.</summary>
    public void LeaveOut() => Interlocked.Increment(ref _leftOut);

    /// <summary>Sound came that had to be left out.</summary>
    public void LeaveOutSound() => Interlocked.Increment(ref _leftOutSound);

    /// <summary>A damaged parameter set came.</summary>
    public void LeaveOutSet() => Interlocked.Increment(ref _leftOutSets);

    /// <summary>The next connection may begin another file: from now on <see cref="Progress"/> counts it. False when it would be the first, which nobody needs to be told.</summary>
    public bool Announce()
    {
        lock (_lock) return _isAnnounced = NextPart > order.FirstPart;
    }

    /// <summary>A file began with a key frame.</summary>
    public void PartBegan(VideoFormat format)
    {
        lock (_lock)
        {
            _status = CaptureStatus.Recording;
            _size = (format.Width, format.Height);
            _current = 0;
            _firstFrameMs ??= (int)time.GetElapsedTime(_start).TotalMilliseconds;
            _firstFrameAt ??= time.GetUtcNow();
            NextPart++;
            _isAnnounced = false;
        }
    }

    /// <summary>The file that is being written holds so much.</summary>
    public void PartGrew(TimeSpan recorded)
    {
        Interlocked.Exchange(ref _lastPicture, time.GetTimestamp());
        Interlocked.Exchange(ref _current, recorded.Ticks);
    }

    /// <summary>Nothing more goes into a file, which the disk has still to get.</summary>
    public void PartEnding(TimeSpan recorded)
    {
        lock (_lock)
        {
            _current = 0;
            _ending += recorded;
        }
    }

    /// <summary>A file is complete, or was discarded.</summary>
    public void PartEnded(int number, RecordedPart? part, TimeSpan expected)
    {
        lock (_lock)
        {
            _ending -= expected;
            if (part is null) return;
            _finished += part.Duration;
            _parts.Add(number, part);
        }
    }

    /// <summary>Something was left out; said once however often it happens.</summary>
    public void Warn(LocalizedText warning)
    {
        lock (_lock)
        {
            if (!_warnings.Contains(warning)) _warnings.Add(warning);
        }
    }

    private TimeSpan RecordedNeedsLock => _finished + _ending + TimeSpan.FromTicks(Interlocked.Read(ref _current));
}
