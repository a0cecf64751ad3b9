namespace OrleansRecorder.Media.Recordings;

/// <summary>
/// Gives each picture its decoding time, which RTP does not carry: with a reorder depth of d, picture n is decoded when the (n - d)-th earliest
/// of those so far is shown. Decoding times rise strictly and are never later than their presentation.
/// </summary>
/// <param name="depth">How many pictures may come before one that is shown earlier.</param>
internal sealed class DecodeTimes(int depth)
{
    private const long FirstStep = 900;

    // ITU-T H.264, A.3.1, and H.265, A.4.2: no decoder holds more.
    private const int MostDepth = 16;

    // A camera's clock may step back once; pictures in another order come all the time.
    private const int MissesThatCount = 3;
    private readonly long[] _recent = new long[MostDepth];
    private readonly List<long> _waiting = [];
    private long _latest = long.MinValue;
    private long _count;
    private int _misses;
    private int _deepest;
    private long? _last;

    /// <summary>The depth that the pictures so far would have needed.</summary>
    public int NeededDepth => _misses >= MissesThatCount ? _deepest : depth;

    /// <summary>The decoding time for a presentation time, both in units of 1/90000 s; the presentation time is moved when it could not be kept.</summary>
    public long Next(ref long presentation)
    {
        Observe(presentation);
        if (_last is null)
        {
            for (var i = depth; i > 0; i--) _waiting.Add(presentation - (i * FirstStep));
        }

        var place = _waiting.BinarySearch(presentation);
        _waiting.Insert(place < 0 ? ~place : place, presentation);
        var decode = _waiting[0];
        _waiting.RemoveAt(0);
        if (_last is { } last && decode <= last) decode = last + 1;
        _last = decode;
        if (presentation < decode) presentation = decode;
        return decode;
    }

    private void Observe(long presentation)
    {
        if (presentation < _latest)
        {
            var later = 0;
            for (var i = 0; i < Math.Min(_count, MostDepth); i++) later += _recent[i] > presentation ? 1 : 0;
            if (later > depth) _misses++;
            if (later > _deepest) _deepest = later;
        }

        _recent[(int)(_count++ % MostDepth)] = presentation;
        _latest = Math.Max(_latest, presentation);
    }
}
