namespace OrleansRecorder.Media.Rtp.Reception;

/// <summary>
/// Unwraps the 32 bits of RTP timestamps. When the sender begins anew, with other numbers, its time goes on where it was. Jumps of one sender's clock are left
/// as they are: they are the business of whoever maps times to the wall clock.
/// </summary>
/// <param name="clockRate">Units a second.</param>
internal sealed class Timeline(int clockRate)
{
    private static readonly TimeSpan SameClock = TimeSpan.FromSeconds(3);
    private bool _hasBegun;
    private bool _restarts;
    private uint _lastStamp;
    private long _last;
    private long _step = clockRate / 25;
    private TimeSpan _lastArrival;

    /// <summary>How often the numbers were not continued; what was learned about them before is void.</summary>
    public int Generation { get; private set; }

    /// <summary>Begins anew: the next timestamp may have nothing to do with the ones before.</summary>
    public void Restart() => _restarts = _hasBegun;

    /// <summary>The time of the next packet.</summary>
    public long Unwrap(uint stamp, TimeSpan arrival)
    {
        if (!_hasBegun) _last = stamp;
        else if (_restarts) _last += StepOfRestart(stamp, arrival);
        else _last += Step(stamp);

        _hasBegun = true;
        _restarts = false;
        _lastStamp = stamp;
        _lastArrival = arrival;
        return _last;
    }

    /// <summary>The time of a timestamp near the last one; null before the first.</summary>
    public long? Near(uint stamp) => _hasBegun ? _last + (int)(stamp - _lastStamp) : null;

    private int Step(uint stamp)
    {
        var step = (int)(stamp - _lastStamp);
        if (step > 0 && step < clockRate) _step = step;
        return step;
    }

    private long StepOfRestart(uint stamp, TimeSpan arrival)
    {
        var passed = arrival - _lastArrival;
        var claimed = (int)(stamp - _lastStamp);
        if (Math.Abs((double)claimed / clockRate) <= (SameClock + passed).TotalSeconds) return claimed;
        Generation++;
        var arrived = (long)(passed.TotalSeconds * clockRate);
        // Arrival is only as fine as the sweeps; the usual step is right unless something was missing.
        return arrived > 4 * _step ? arrived : _step;
    }
}
