using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Mp4;

namespace OrleansRecorder.Media.Recordings;

/// <summary>
/// Writes one file, from a key frame on. The first pictures wait in their buffer, for a moment only, until it is known whether there is sound and in which
/// order pictures are shown; then a fragment goes to the disk at a key frame, at the latest before it holds two seconds. For one thread at a time.
/// </summary>
internal sealed class PartRecorder : IDisposable
{
    private const long LargeFragment = 8 << 20;
    private const long ModestBacklog = 2 << 20;
    private const int PicturesThatShowTheOrder = 5;

    // Nothing is on the disk meanwhile: as long as the longest fragment at most.
    private static readonly TimeSpan SoundPatience = TimeSpan.FromSeconds(1.5);

    // A crash loses what is not on disk: two seconds at most, of which the way to the disk takes the rest.
    private static readonly TimeSpan LongestFragment = TimeSpan.FromSeconds(1.6);
    private static readonly TimeSpan ShortestFragment = TimeSpan.FromSeconds(0.9);

    // The first one soon: the file begins to be worth something.
    private static readonly TimeSpan FirstFragment = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan FragmentWithoutMemory = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan SlowPicture = TimeSpan.FromSeconds(0.3);

    private readonly PartFile _file;
    private readonly ChunkPool _pool;
    private readonly MediaBuffer _pictures;
    private readonly MediaBuffer _frames;
    private readonly DateTimeOffset _startedAt;
    private readonly TimeSpan _origin;
    private readonly TimeSpan _startArrival;
    private List<Picture>? _first = [];
    private List<(int Length, long Sample)>? _firstFrames = [];
    private bool _expectsSound;
    private AudioFormat? _sound;
    private Mp4Writer? _writer;
    private readonly int _leastDepth;
    private VideoFormat _inForce;
    private DecodeTimes? _decodeTimes;
    private int _depth;
    private TimeSpan _fragmentBegan;
    private TimeSpan _lastMoment;
    private long _lastDecode = long.MinValue;
    private long _lastSample = long.MinValue;
    private bool _leavesOut;

    /// <summary>Begins a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="format">What it says of its picture.</param>
    /// <param name="pictures">Where the pictures lie, from its first byte on.</param>
    /// <param name="pool">Memory for the sound.</param>
    /// <param name="expectsSound">Sound was announced: its first packet is waited for, for a moment.</param>
    /// <param name="startedAt">Now (UTC).</param>
    /// <param name="origin">The moment of the first picture, since the connection began.</param>
    /// <param name="arrival">When it came.</param>
    /// <param name="leastDepth">What this camera has needed before, see <see cref="NeededDepth"/>.</param>
    public PartRecorder(
        PartFile file, VideoFormat format, MediaBuffer pictures, ChunkPool pool, bool expectsSound, DateTimeOffset startedAt, TimeSpan origin, TimeSpan arrival, int leastDepth)
    {
        _file = file;
        Format = _inForce = format;
        _leastDepth = leastDepth;
        _pictures = pictures;
        _pool = pool;
        _frames = new MediaBuffer(pool);
        _expectsSound = expectsSound;
        _startedAt = startedAt;
        _origin = _lastMoment = _fragmentBegan = origin;
        _startArrival = arrival;
    }

    /// <summary>The format that the file began with.</summary>
    public VideoFormat Format { get; }

    /// <summary>How many pictures have come before one that is shown earlier: more than the file was begun for when nothing has told it.</summary>
    public int NeededDepth => _decodeTimes?.NeededDepth ?? 0;

    /// <summary>Media so far.</summary>
    public TimeSpan Recorded => _lastMoment - _origin;

    /// <summary>Sound was expected, but came too late for the header.</summary>
    public bool LacksSound => _expectsSound && _sound is null && _writer is not null;

    /// <summary>Why the file cannot go on; null while all is well.</summary>
    public Exception? Failure => _file.Failure;

    /// <summary>Whether pictures of this format, from a key frame on, may go on in this file: it can say all of them and show them in their order.</summary>
    public bool MayContinueAs(VideoFormat next) =>
        Format.MayContinueAs(next) && (_decodeTimes is null ? !(next.ReorderDepth > Format.ReorderDepth) : !(next.ReorderDepth > _depth) && NeededDepth <= _depth);

    /// <summary>Whether a picture must bring the sets that are in force: the file's decoder has others, or looks for them at each key frame.</summary>
    public bool LacksSets(VideoFormat current, bool isKey) => !ReferenceEquals(current, _inForce) || (isKey && Format.HasSetsInBand);

    /// <summary>Sound has come: the file will hold it, if its header is not made yet.</summary>
    public void OfferSound(AudioFormat format)
    {
        if (_writer is null) _sound = format;
    }

    /// <summary>The announced sound cannot be recorded: nothing waits for it any more.</summary>
    public void ExpectNoSound() => _expectsSound = false;

    /// <summary>Takes the last picture of the buffer. False when the disk is too far behind: the picture is to be cut off, and so will be all up to a key frame.</summary>
    /// <param name="length">Bytes.</param>
    /// <param name="format">What it is decoded by.</param>
    /// <param name="moment">When it is shown, since the connection began.</param>
    /// <param name="decode">When it is decoded, if the source knows.</param>
    /// <param name="isSync">Decoding can begin with it.</param>
    /// <param name="arrival">When it came.</param>
    public bool Take(int length, VideoFormat format, TimeSpan moment, TimeSpan? decode, bool isSync, TimeSpan arrival)
    {
        if (!HasRoom(isSync)) return false;
        _inForce = format;
        var isSlow = moment - _lastMoment > SlowPicture;
        if (moment > _lastMoment) _lastMoment = moment;
        if (_first is not null)
        {
            _first.Add(new Picture(length, moment, decode, isSync));
            if (IsReady(arrival)) Begin();
            return true;
        }

        Add(new Picture(length, moment, decode, isSync));
        // The next one may be long in coming.
        if (isSlow) Cut(null);
        return true;
    }

    /// <summary>Takes a frame of sound, at a position in samples since the connection began. False when the disk is too far behind: it is left out.</summary>
    public bool TakeSound(ReadOnlySpan<byte> frame, long position)
    {
        if (_sound is not { } sound || frame.IsEmpty) return true;
        var sample = position - (long)(_origin.TotalSeconds * sound.SampleRate);
        if (sample < 0 || sample <= _lastSample) return true;
        if (_leavesOut && _pool.IsOverLimit) return false;
        _lastSample = sample;
        _frames.Append(frame);
        if (_writer is null)
        {
            _firstFrames!.Add((frame.Length, sample));
            return true;
        }

        // The picture stands still while sound goes on: it must not pile up.
        var moment = _origin + TimeSpan.FromSeconds((double)sample / sound.SampleRate);
        if (moment - _fragmentBegan >= LongestFragment && moment - _lastMoment > SlowPicture && _file.HasRoom) Cut(null, moment);
        _writer.AddSound(frame.Length, sample);
        return true;
    }

    /// <inheritdoc cref="PartFile.WaitForRoom"/>
    public void WaitForRoom(TimeSpan patience) => _file.WaitForRoom(patience);

    /// <summary>Ends the file, which gets its final name; nothing is taken any more.</summary>
    /// <param name="end">The moment at which the last picture ends; null to let it last as long as the one before.</param>
    /// <param name="mayCut">What waits in the buffer may be taken: false when another thread may still fill it.</param>
    public Task<PartEnd> End(TimeSpan? end, bool mayCut)
    {
        if (mayCut && Failure is null)
        {
            if (_first is not null) Begin();
            if (_writer!.CutLast(_pictures, _sound is null ? null : _frames, end is { } moment ? Units(moment - _origin) : null) is { } write) _file.Write(write);
        }

        if (end > _lastMoment) _lastMoment = end.Value;
        return _file.End(_writer, _startedAt, Recorded);
    }

    /// <inheritdoc/>
    public void Dispose() => _frames.Dispose();

    // A disk that is behind first gets smaller fragments, which free memory sooner; then pictures are left out, from here to a key frame with room.
    private bool HasRoom(bool isSync)
    {
        var isShort = _pool.IsOverLimit && (_file.Waiting > ModestBacklog || _pool.IsFarOverLimit);
        if (_leavesOut) _leavesOut = !isSync || !_file.HasRoom || _pool.IsOverLimit;
        else _leavesOut = isShort || !_file.HasRoom;
        return !_leavesOut;
    }

    private bool IsReady(TimeSpan arrival)
    {
        if (_pictures.End - _pictures.Start > LargeFragment || _pool.IsOverLimit) return true;
        var knowsSound = !_expectsSound || _sound is not null || arrival - _startArrival >= SoundPatience;
        var knowsOrder = Format.ReorderDepth is not null || _first!.Count >= PicturesThatShowTheOrder || arrival - _startArrival >= SoundPatience;
        return knowsSound && knowsOrder;
    }

    private void Begin()
    {
        var first = _first!;
        _depth = Math.Max(_leastDepth, Format.ReorderDepth ?? ObservedDepth(first));
        _decodeTimes = new DecodeTimes(_depth);
        _writer = new Mp4Writer(Format, _sound, _startedAt);
        (_first, _fragmentBegan) = (null, _origin);
        foreach (var frame in _firstFrames!) _writer.AddSound(frame.Length, frame.Sample);
        _firstFrames = null;
        foreach (var picture in first) Add(picture);
    }

    // How many pictures came before one that is shown earlier.
    private static int ObservedDepth(List<Picture> pictures)
    {
        var depth = 0;
        for (var i = 1; i < pictures.Count; i++) depth = Math.Max(depth, pictures.Take(i).Count(earlier => earlier.Moment > pictures[i].Moment));
        return depth;
    }

    private void Add(in Picture picture)
    {
        var presentation = Math.Max(0, Units(picture.Moment - _origin));
        var decode = picture.Decode is { } known ? Units(known - _origin) : _decodeTimes!.Next(ref presentation);
        if (decode <= _lastDecode) decode = _lastDecode + 1;
        if (presentation < decode) presentation = decode;
        if (MustCut(picture)) Cut(decode, picture.Moment);
        _lastDecode = decode;
        _writer!.AddPicture(picture.Length, decode, presentation, picture.IsSync);
    }

    private bool MustCut(in Picture next)
    {
        var length = next.Moment - _fragmentBegan;
        if (length >= LongestFragment || _writer!.Waiting > LargeFragment) return true;
        if (_pool.IsOverLimit) return length >= FragmentWithoutMemory;
        return length >= (_writer.Length == 0 ? FirstFragment : ShortestFragment) && (next.IsSync || _writer.Length == 0);
    }

    private void Cut(long? nextDecode, TimeSpan? nextMoment = null)
    {
        _fragmentBegan = nextMoment ?? _lastMoment;
        if (_writer!.Cut(_pictures, _sound is null ? null : _frames, nextDecode) is { } write) _file.Write(write);
    }

    private static long Units(TimeSpan span) => (long)Math.Round(span.TotalSeconds * Mp4Writer.VideoClock);

    private readonly record struct Picture(int Length, TimeSpan Moment, TimeSpan? Decode, bool IsSync);
}
