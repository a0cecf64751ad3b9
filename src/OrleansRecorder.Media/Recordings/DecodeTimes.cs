namespace OrleansRecorder.Media.Recordings;

/// <summary>
/// Gives each picture its decoding time, which RTP does not carry: with a reorder depth of d, picture n is decoded when the (n - d)-th earliest
/// of those so far is shown. Decoding times rise strictly and are never later than their presentation.
/// </summary>
/// <param name="depth">How many pictures may come before one that is shown earlier.</param>
internal sealed class DecodeTimes(int depth)
{
    private const long FirstStep = 900;
    private readonly List<long> _waiting = [];
    private long? _last;

    /// <summary>The decoding time for a presentation time, both in units of 1/90000 s; the presentation time is moved when it could not be kept.</summary>
    public long Next(ref long presentation)
    {
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
}
