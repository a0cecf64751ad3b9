namespace OrleansRecorder.Media.Recordings;

/// <summary>
/// Turns a track's times into time since the connection began, true to the wall clock whatever the camera claims: times that stand still, jump,
/// run backward or at the wrong speed are replaced by the time of arrival. Not for use by two threads.
/// </summary>
/// <param name="clockRate">Units a second of the track's times.</param>
/// <param name="isPaced">Arrival is near the time of recording; without that only jumps are put right.</param>
internal sealed class TrackClock(int clockRate, bool isPaced)
{
    private const int FaultsUntilArrivalCounts = 3;
    private const double LongestSpan = 1e9;
    private static readonly TimeSpan JumpLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ReorderLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UsualStep = TimeSpan.FromMilliseconds(40);

    // A clock that is put right now and then is still better than arrival.
    private static readonly TimeSpan FaultsAreForgotten = TimeSpan.FromMinutes(5);

    private readonly PaceWatch _pace = new();
    private readonly ArrivalClock _arrivals = new();
    private bool _isFirst = true;
    private long _anchorTime;
    private TimeSpan _anchor;
    private long? _lastTime;
    private TimeSpan _latest;
    private TimeSpan _lastArrival;
    private int _faults;
    private TimeSpan _lastFault;

    /// <summary>The track's times have turned out to be useless.</summary>
    public bool UsesArrival { get; private set; }

    /// <summary>Steps back to a picture that is shown before the last one are no fault.</summary>
    public bool MayReorder { get; set; } = true;

    /// <summary>The moment of a packet.</summary>
    /// <param name="time">In the track's own clock, or null when unknown.</param>
    /// <param name="arrival">When it came, since the connection began.</param>
    /// <param name="firstMoment">For the first packet: where its time lies if that is known better than by its arrival.</param>
    public TimeSpan Map(long? time, TimeSpan arrival, TimeSpan? firstMoment = null)
    {
        _arrivals.Observe(arrival);
        var moment = _isFirst ? Begin(time, arrival, firstMoment) : Next(time, arrival);
        _isFirst = false;
        if (moment > _latest) _latest = moment;
        _lastArrival = arrival;
        if (time is not null) _lastTime = time;
        return moment;
    }

    private TimeSpan Begin(long? time, TimeSpan arrival, TimeSpan? firstMoment)
    {
        var moment = firstMoment ?? arrival;
        _latest = moment;
        _pace.Begin(arrival);
        if (time is { } known) Anchor(known, moment);
        return moment;
    }

    private TimeSpan Next(long? time, TimeSpan arrival)
    {
        if (UsesArrival) return _arrivals.After(_latest, arrival);
        var passed = isPaced ? arrival - _lastArrival : UsualStep;
        if (time is not { } known) return _latest + passed;
        if (_lastTime is not { } lastTime)
        {
            Anchor(known, _latest + passed);
            return _latest + passed;
        }

        var step = Span(known, lastTime);
        if (isPaced && _pace.IsWrong(step, arrival)) return UseArrival(arrival);
        if (step > JumpLimit + passed || step < (MayReorder ? -ReorderLimit : TimeSpan.Zero)) return Correct(known, passed, arrival);
        return _anchor + Span(known, _anchorTime);
    }

    private TimeSpan Correct(long time, TimeSpan passed, TimeSpan arrival)
    {
        if (arrival - _lastFault >= FaultsAreForgotten) _faults = 0;
        _lastFault = arrival;
        if (++_faults >= FaultsUntilArrivalCounts && isPaced) return UseArrival(arrival);
        var moment = _latest + (passed > TimeSpan.Zero ? passed : UsualStep);
        Anchor(time, moment);
        return moment;
    }

    private TimeSpan UseArrival(TimeSpan arrival)
    {
        UsesArrival = true;
        return _arrivals.After(_latest, arrival);
    }

    private void Anchor(long time, TimeSpan moment)
    {
        _anchorTime = time;
        _anchor = moment;
    }

    private TimeSpan Span(long to, long from) => TimeSpan.FromSeconds(Math.Clamp(((double)to - from) / clockRate, -LongestSpan, LongestSpan));
}
