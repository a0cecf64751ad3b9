namespace OrleansRecorder.Media.Rtp.Reception;

/// <summary>
/// The clock that a sender's tracks share, from the pairs of NTP time and RTP timestamp in its reports (RFC 3550, 6.4.1). Many of these are wrong (never set,
/// of the moment of sending, of another clock), so that they count only while they go along with what arrives.
/// </summary>
/// <param name="clockRate">Units a second of the track's times.</param>
internal sealed class SenderClock(int clockRate)
{
    // 2001-01-01, in seconds since 1900: cameras without a clock begin at 1900, 1970 or 2000.
    private const uint EarliestNtp = 3_187_296_000;
    private const double Weight = 0.125;
    private static readonly TimeSpan FarFromArrival = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Steady = TimeSpan.FromMilliseconds(150);
    private TimeSpan? _offset;
    private TimeSpan? _candidate;
    private TimeSpan _lastNtp;
    private TimeSpan _lastArrival;
    private bool _hasReport;

    /// <summary>When something was captured, since 1900 on the sender's clock; null while that is not known.</summary>
    /// <param name="time">The track's time, unwrapped.</param>
    public TimeSpan? Captured(long time) => _offset + Span(time);

    /// <summary>Forgets everything: the track's times have a new origin.</summary>
    public void Reset()
    {
        _offset = _candidate = null;
        _hasReport = false;
    }

    /// <summary>Takes a report. False when its time is far from the packet's, or it has none.</summary>
    /// <param name="ntp">Seconds since 1900 in the upper 32 bits, fractions in the lower.</param>
    /// <param name="time">The track's time that it goes with, unwrapped.</param>
    /// <param name="latest">The track's time of the latest packet.</param>
    /// <param name="arrival">When the report came.</param>
    public bool Observe(ulong ntp, long time, long latest, TimeSpan arrival)
    {
        if (ntp >> 32 < EarliestNtp) return false;
        var moment = TimeSpan.FromTicks((long)((ntp >> 32) * TimeSpan.TicksPerSecond) + (long)(((ntp & uint.MaxValue) * TimeSpan.TicksPerSecond) >> 32));
        var passed = moment - _lastNtp - (arrival - _lastArrival);
        var movesAlong = !_hasReport || passed.Duration() < FarFromArrival;
        (_lastNtp, _lastArrival, _hasReport) = (moment, arrival, true);
        var isNear = Span(time - latest).Duration() <= FarFromArrival;
        if (movesAlong && isNear) Learn(moment - Span(time));
        else _offset = _candidate = null;
        return isNear;
    }

    // One step is noise or a fault; two that agree are a clock that was set.
    private void Learn(TimeSpan offset)
    {
        if (_offset is { } known && (offset - known).Duration() < Steady)
        {
            _offset = known + ((offset - known) * Weight);
            _candidate = null;
        }
        else if (_offset is null && _candidate is null)
        {
            _offset = offset;
        }
        else
        {
            _offset = _candidate is { } candidate && (offset - candidate).Duration() < Steady ? offset : null;
            _candidate = offset;
        }
    }

    private TimeSpan Span(long units) => TimeSpan.FromTicks((long)((Int128)units * TimeSpan.TicksPerSecond / clockRate));
}
