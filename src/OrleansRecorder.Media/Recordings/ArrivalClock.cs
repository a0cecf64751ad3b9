namespace OrleansRecorder.Media.Recordings;

/// <summary>Spreads packets evenly at the pace of their arrival, which comes in bursts.</summary>
internal sealed class ArrivalClock
{
    private const double Weight = 0.05;
    private const double Pull = 0.1;
    private const double FirstPull = 0.5;
    private const int FirstPackets = 4;
    private static readonly TimeSpan FarBehind = TimeSpan.FromMilliseconds(500);
    private TimeSpan? _last;
    private int _placed;
    private TimeSpan _step = TimeSpan.FromMilliseconds(40);

    /// <summary>Learns the pace.</summary>
    public void Observe(TimeSpan arrival)
    {
        if (_last is { } last) _step += (arrival - last - _step) * Weight;
        _last = arrival;
    }

    /// <summary>The moment of a packet that follows another; what had run ahead is caught up with slowly, what the times before them had left behind at once.</summary>
    public TimeSpan After(TimeSpan latest, TimeSpan arrival)
    {
        var next = latest + _step;
        var error = arrival - next;
        if (error > FarBehind) return arrival;
        next += error * (error > TimeSpan.Zero && _placed++ < FirstPackets ? FirstPull : Pull);
        var least = latest + (_step / 2);
        return next > least ? next : least;
    }
}
