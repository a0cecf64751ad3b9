namespace OrleansRecorder.Cycles;

// Orders that come while the storage is away: a restart of the database is waited for, a longer outage is not.
internal sealed partial class CycleGrain
{
    private const int MostOrders = 64;
    private static readonly TimeSpan LongestHeldPause = TimeSpan.FromMilliseconds(500);
    private int _orders;
    private long _awaySince;

    /// <summary>Carries out an order that changes nothing when it fails; as long as the storage has not been away for long it is held, and carried out again.</summary>
    /// <exception cref="CycleUnavailableException">The storage is away for longer than that, or too many orders wait for it.</exception>
    private async Task<bool> Held(Func<Task<bool>> order)
    {
        if (_orders >= MostOrders) throw new CycleUnavailableException();
        var begun = _time.GetTimestamp();
        _orders++;
        try
        {
            while (true)
            {
                await UntilTheStorageIsBack(begun);
                try
                {
                    return await order();
                }
                catch (Exception exception) when (exception is TimeoutException or CycleUnavailableException && _failure is null && IsWorthWaiting(begun))
                {
                    // The storage has just gone away, or hangs.
                }
            }
        }
        finally
        {
            _orders--;
        }
    }

    private async Task UntilTheStorageIsBack(long begun)
    {
        while (_machine.IsStorageAway)
        {
            if (_failure is not null) throw _failure;
            if (!IsWorthWaiting(_awaySince) || !IsWorthWaiting(begun)) throw new CycleUnavailableException();
            await Task.WhenAny(_changed.Task, Task.Delay(_options.TickPeriod, _time));
        }
    }

    private bool IsWorthWaiting(long since) => _time.GetElapsedTime(since) < _options.StoragePatience;
}
