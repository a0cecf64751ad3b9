namespace Orleans.Runtime;

/// <summary>Notices when this process was not running as it should: stopped by a signal, or starved of processor time. On a thread of its own.</summary>
internal sealed class Watchdog : IHealth
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <summary>So much lateness makes this silo no judge of others.</summary>
    private static readonly TimeSpan HeldUp = TimeSpan.FromMilliseconds(400);

    private readonly TimeSpan _frozen;
    private readonly Action _onThaw;
    private readonly ManualResetEventSlim _over = new();
    private long _beat = Environment.TickCount64;
    private long _poolAsked;
    private long _poolAnswered;
    private long _lastHeldUp = long.MinValue;

    /// <param name="frozen">After so long without a beat the process counts as having been stopped.</param>
    /// <param name="onThaw">It was, and runs again; called before <see cref="WasFrozen"/> is false again.</param>
    public Watchdog(TimeSpan frozen, Action onThaw)
    {
        _frozen = frozen;
        _onThaw = onThaw;
        new Thread(Run) { IsBackground = true, Name = "membership watchdog" }.Start();
    }

    /// <inheritdoc/>
    public bool WasFrozen => Environment.TickCount64 - Volatile.Read(ref _beat) > _frozen.TotalMilliseconds;

    /// <inheritdoc/>
    public bool WasHeldUp(TimeSpan within)
    {
        var now = Environment.TickCount64;
        var poolWaits = Volatile.Read(ref _poolAnswered) < Volatile.Read(ref _poolAsked) && now - Volatile.Read(ref _poolAsked) > HeldUp.TotalMilliseconds;
        return poolWaits || now - Volatile.Read(ref _beat) > (Period + HeldUp).TotalMilliseconds || Volatile.Read(ref _lastHeldUp) > now - (long)within.TotalMilliseconds;
    }

    public void Dispose() => _over.Set();

    private void Run()
    {
        while (!_over.Wait(Period))
        {
            var now = Environment.TickCount64;
            if (now - _beat > (Period + HeldUp).TotalMilliseconds) Volatile.Write(ref _lastHeldUp, now);
            if (WasFrozen) _onThaw();
            Volatile.Write(ref _beat, now);
            AskThePool(now);
        }
    }

    private void AskThePool(long now)
    {
        if (_poolAnswered < _poolAsked)
        {
            if (now - _poolAsked > HeldUp.TotalMilliseconds) Volatile.Write(ref _lastHeldUp, now);
            return;
        }

        Volatile.Write(ref _poolAsked, now);
        ThreadPool.UnsafeQueueUserWorkItem(static dog => Volatile.Write(ref dog._poolAnswered, dog._poolAsked), this, preferLocal: false);
    }
}
