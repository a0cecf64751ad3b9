namespace Orleans.Runtime;

/// <summary>Ticks one reminder on the grid of its first tick and period; what comes late is skipped, never made up.</summary>
internal sealed class ScheduledReminder : IDisposable
{
    // Timers reach no further; a later tick is waited for in steps.
    private static readonly TimeSpan MaxWait = TimeSpan.FromDays(30);
    private readonly Lock _lock = new();
    private readonly Silo _silo;
    private readonly ITimer _timer;
    private DateTime _next;
    private bool _disposed;

    public ScheduledReminder(ReminderRow row, Silo silo)
    {
        Row = row;
        _silo = silo;
        _next = NextTick(Now, inclusive: true);
        _timer = Ambient.Without(() => silo.Time.CreateTimer(static self => ((ScheduledReminder)self!).Due(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        Arm();
    }

    public ReminderRow Row { get; }

    private DateTime Now => _silo.Time.GetUtcNow().UtcDateTime;

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _timer.Dispose();
        }
    }

    /// <summary>The first point of the grid after now; at now too when <paramref name="inclusive"/>.</summary>
    private DateTime NextTick(DateTime now, bool inclusive)
    {
        if (now < Row.FirstTick || (inclusive && now == Row.FirstTick)) return Row.FirstTick;
        var passed = (now - Row.FirstTick).Ticks / Row.Period.Ticks;
        return Row.FirstTick + TimeSpan.FromTicks((passed + 1) * Row.Period.Ticks);
    }

    private void Arm()
    {
        lock (_lock)
        {
            if (_disposed) return;
            var wait = _next - Now;
            // Half a millisecond early is a tick before its time: timers count whole ones.
            var rounded = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, wait.TotalMilliseconds)));
            _timer.Change(rounded < MaxWait ? rounded : MaxWait, Timeout.InfiniteTimeSpan);
        }
    }

    private void Due()
    {
        if (Now < _next) Arm();
        else _ = TickAsync();
    }

    private async Task TickAsync()
    {
        try
        {
            var grain = (IRemindable)(object)_silo.Caller.References.Create(Row.Grain, typeof(IRemindable));
            await grain.ReceiveReminder(Row.Name, new TickStatus(Row.FirstTick, Row.Period, Now)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The grain's failure is its own; the next tick comes on the grid.
            _silo.Log.ReminderFailed(exception, Row.Name, Row.Grain);
        }

        _next = NextTick(Now, inclusive: false);
        Arm();
    }
}
