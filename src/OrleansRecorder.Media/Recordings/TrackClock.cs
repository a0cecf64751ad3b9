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
    private const int RepeatsUntilArrivalCounts = 5;
    private static readonly TimeSpan JumpLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ReorderLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StuckLimit = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan DriftLimit = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan DriftPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BurstTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan UsualStep = TimeSpan.FromMilliseconds(40);

    private bool _isFirst = true;
    private bool _usesArrival;
    private long _anchorTime;
    private TimeSpan _anchor;
    private long? _lastTime;
    private TimeSpan _last;
    private TimeSpan _latest;
    private TimeSpan _lastArrival;
    private TimeSpan _firstArrival;
    private TimeSpan _usualDrift;
    private TimeSpan? _driftingSince;
    private TimeSpan _driftThen;
    private TimeSpan? _repeatingSince;
    private int _repeats;
    private int _faults;

    /// <summary>How often the camera's times had to be corrected.</summary>
    public int Faults => _faults;

    /// <summary>The steps between pictures that come earlier than one before them are no fault.</summary>
    public bool MayReorder { get; set; } = true;

    /// <summary>The moment of a packet.</summary>
    /// <param name="time">In the track's own clock, or null when unknown.</param>
    /// <param name="arrival">When it came, since the connection began.</param>
    /// <param name="firstMoment">For the first packet: where its time lies if that is known better than by its arrival.</param>
    public TimeSpan Map(long? time, TimeSpan arrival, TimeSpan? firstMoment = null)
    {
        var moment = _isFirst ? Begin(time, arrival, firstMoment) : Next(time, arrival);
        _isFirst = false;
        _last = moment;
        if (moment > _latest) _latest = moment;
        _lastArrival = arrival;
        if (time is not null) _lastTime = time;
        return moment;
    }

    private TimeSpan Begin(long? time, TimeSpan arrival, TimeSpan? firstMoment)
    {
        _firstArrival = arrival;
        var moment = firstMoment ?? arrival;
        _latest = moment;
        if (time is { } known) Anchor(known, moment);
        return moment;
    }

    private TimeSpan Next(long? time, TimeSpan arrival)
    {
        var passed = arrival - _lastArrival;
        if (_usesArrival || time is not { } known) return _latest + (isPaced ? passed : UsualStep);
        if (_lastTime is not { } lastTime)
        {
            var moment = _latest + (isPaced ? passed : UsualStep);
            Anchor(known, moment);
            return moment;
        }

        if (IsStuck(known == lastTime, arrival)) return UseArrival(passed);
        var mapped = _anchor + Span(known - _anchorTime);
        var step = Span(known - lastTime);
        if (step > JumpLimit + passed || step < (MayReorder ? -ReorderLimit : TimeSpan.Zero)) return Correct(known, passed);
        return isPaced && IsDrifting(mapped - arrival, arrival) ? Correct(known, arrival + _usualDrift - _latest) : mapped;
    }

    // All times alike, as some gateways send them: the arrival is all there is.
    private bool IsStuck(bool isRepeat, TimeSpan arrival)
    {
        if (!isRepeat)
        {
            _repeats = 0;
            _repeatingSince = null;
            return false;
        }

        _repeatingSince ??= _lastArrival;
        return ++_repeats >= RepeatsUntilArrivalCounts && isPaced && arrival - _repeatingSince >= StuckLimit;
    }

    // A network that stalls and catches up also drifts, but comes back soon. A burst at the start, of what a gateway had kept, is the usual drift from then on.
    private bool IsDrifting(TimeSpan drift, TimeSpan arrival)
    {
        if (arrival - _firstArrival < BurstTime)
        {
            if (drift > _usualDrift) _usualDrift = drift;
            return false;
        }

        var excess = (drift - _usualDrift).Duration();
        if (excess < DriftLimit)
        {
            _driftingSince = null;
            return false;
        }

        if (_driftingSince is not { } since || excess < _driftThen)
        {
            _driftingSince = arrival;
            _driftThen = excess;
            return false;
        }

        return arrival - since > DriftPatience;
    }

    private TimeSpan Correct(long time, TimeSpan passed)
    {
        if (++_faults >= FaultsUntilArrivalCounts && isPaced) return UseArrival(passed);
        var moment = _latest + (passed > TimeSpan.Zero && isPaced ? passed : UsualStep);
        Anchor(time, moment);
        _driftingSince = null;
        return moment;
    }

    private TimeSpan UseArrival(TimeSpan passed)
    {
        _usesArrival = true;
        _faults++;
        return _latest + (passed > TimeSpan.Zero ? passed : TimeSpan.Zero);
    }

    private void Anchor(long time, TimeSpan moment)
    {
        _anchorTime = time;
        _anchor = moment;
    }

    private TimeSpan Span(long units)
    {
        var limit = TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerSecond;
        var seconds = (double)units / clockRate;
        return Math.Abs(seconds) > limit / 4 ? TimeSpan.FromSeconds(Math.Sign(seconds) * (limit / 4)) : TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
    }
}
