
namespace Orleans.Runtime;

/// <summary>A timer whose ticks are requests of its activation. The next one is armed when the callback has completed.</summary>
internal sealed class GrainTimer : IGrainTimer, IGrainTimerInvoker
{
    private static readonly TimeSpan MaxTime = TimeSpan.FromMilliseconds(uint.MaxValue - 1);
    private static readonly GrainMethod TickMethod = GrainInterface.For(typeof(IGrainTimerInvoker)).Methods[0];
    private readonly Lock _lock = new();
    private readonly ActivationData _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly CancellationTokenSource _disposed = new();
    private readonly ITimer _timer;
    private TimeSpan _dueTime;
    private TimeSpan _period;
    private bool _ticking;
    private bool _changed;

    public GrainTimer(ActivationData activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        Check(options.DueTime, nameof(options.DueTime));
        Check(options.Period, nameof(options.Period));
        _activation = activation;
        _callback = callback;
        _options = options;
        _timer = Ambient.Without(() => activation.Silo.Time.CreateTimer(static self => ((GrainTimer)self!).Due(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, nameof(dueTime));
        Check(period, nameof(period));
        lock (_lock)
        {
            if (_disposed.IsCancellationRequested) return;
            (_dueTime, _period, _changed) = (dueTime, period, true);
            if (!_ticking) Arm_NeedsLock();
        }
    }

    public async Task InvokeCallbackAsync(CancellationToken cancellationToken) => await _callback(cancellationToken);

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed.IsCancellationRequested) return;
            _timer.Dispose();
        }

        _activation.Timers.Remove(this);
        _disposed.Cancel();
    }

    private static void Check(TimeSpan time, string name)
    {
        if (time == Timeout.InfiniteTimeSpan) return;
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, MaxTime, name);
    }

    private void Arm_NeedsLock()
    {
        var time = _changed ? _dueTime : _period;
        _changed = false;
        _timer.Change(time, Timeout.InfiniteTimeSpan);
    }

    private void Due()
    {
        lock (_lock)
        {
            if (_ticking || _disposed.IsCancellationRequested) return;
            _ticking = true;
        }

        if (!_activation.Enqueue(new Tick(this))) Dispose();
    }

    private async Task TickAsync()
    {
        if (!_disposed.IsCancellationRequested)
        {
            try
            {
                RequestContext.Replace(null, Guid.Empty);
                var filters = _activation.Silo.IncomingFilters;
                if (filters.Count == 0 && _activation.GrainInstance is not IIncomingGrainCallFilter) await _callback(_disposed.Token);
                else await new IncomingCall(_activation, this, TickMethod, [_disposed.Token], default, filters).Run();
            }
            catch (Exception exception)
            {
                // A tick has no caller; the next one still comes.
                if (!_disposed.IsCancellationRequested) _activation.Silo.Log.TimerFailed(exception, _activation.GrainId);
            }
        }

        lock (_lock)
        {
            _ticking = false;
            if (!_disposed.IsCancellationRequested) Arm_NeedsLock();
        }
    }

    private sealed class Tick(GrainTimer timer) : WorkItem
    {
        public override bool AlwaysInterleave => timer._options.Interleave;

        public override bool CountsAsUse => timer._options.KeepAlive;

        public override Task RunAsync() => timer.TickAsync();

        public override void NotRun(Exception? failure)
        {
            // The timer ends with its activation.
        }
    }
}

/// <summary>A tick as call filters see it.</summary>
internal interface IGrainTimerInvoker : IAddressable
{
    Task InvokeCallbackAsync(CancellationToken cancellationToken);
}
