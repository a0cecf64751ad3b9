namespace OrleansRecorder.Nodes;

/// <summary>
/// For how long this node may go on with its captures. Time counts on the process's monotonic clock from the moment the answered report was <em>sent</em>, so no
/// delay on the way lengthens a lease, and a process that was frozen finds it over by looking at the clock, not by a timer that did not run. Thread-safe.
/// </summary>
/// <param name="time">Its monotonic clock counts.</param>
/// <param name="lapsed">
/// Called each time a lease is over, before anything can be renewed or begun: ends the captures. May be called once more than needed, never less.
/// </param>
internal sealed class NodeLeaseKeeper(TimeProvider time, Action lapsed) : IDisposable
{
    // A source may take a moment to let go of its camera: the node stops so much before it must have stopped.
    private static readonly TimeSpan EndingTime = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private readonly List<(long Since, TaskCompletionSource Heard)> _waiting = [];
    private bool _isHeld;
    private long _until;

    /// <summary>Whether the lease still runs. Looks at the clock; finds out by itself when it is over.</summary>
    public bool IsHeld
    {
        get
        {
            Check();
            lock (_lock) return _isHeld;
        }
    }

    /// <summary>
    /// Completes when a report that was made after this call has renewed the lease: then CycleGrain knows what the node knew now. While it is out of reach that does not
    /// happen, and sooner or later the lease is over.
    /// </summary>
    public async Task Heard(CancellationToken stop)
    {
        var waiting = (Since: time.GetTimestamp(), Heard: new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock) _waiting.Add(waiting);
        try
        {
            await waiting.Heard.Task.WaitAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock) _waiting.Remove(waiting);
        }
    }

    /// <summary>A report was answered. An answer that comes too late renews nothing, and never saves what a lapsed lease has ended.</summary>
    /// <param name="sentAt">The clock's timestamp from before the report was made.</param>
    /// <param name="lease">The answer.</param>
    public void Renew(long sentAt, NodeLease lease)
    {
        if (lease.Length > TimeSpan.Zero) Hear(sentAt);
        var until = sentAt + (long)(Usable(lease.Length).TotalSeconds * time.TimestampFrequency);
        while (true)
        {
            lock (_lock)
            {
                var now = time.GetTimestamp();
                if (!_isHeld || now < _until)
                {
                    if (until <= now || (_isHeld && until <= _until)) return;
                    _until = until;
                    _isHeld = true;
                    Arm(now);
                    return;
                }

                _isHeld = false;
            }

            lapsed();
        }
    }

    /// <summary>Ends the captures if the lease is over and nobody has noticed yet.</summary>
    public void Check()
    {
        lock (_lock)
        {
            if (!_isHeld) return;
            var now = time.GetTimestamp();
            if (now < _until)
            {
                Arm(now);
                return;
            }

            _isHeld = false;
        }

        lapsed();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void Hear(long sentAt)
    {
        lock (_lock)
        {
            foreach (var (since, heard) in _waiting)
            {
                if (since <= sentAt) heard.TrySetResult();
            }
        }
    }

    private static TimeSpan Usable(TimeSpan length) => length - (EndingTime < length / 4 ? EndingTime : length / 4);

    private void Arm(long now)
    {
        var due = time.GetElapsedTime(now, _until);
        // Rounded up: a timer that fires too early would only look again.
        due = TimeSpan.FromMilliseconds(Math.Ceiling(due.TotalMilliseconds));
        if (_timer is null) _timer = time.CreateTimer(_ => Check(), null, due, Timeout.InfiniteTimeSpan);
        else _timer.Change(due, Timeout.InfiniteTimeSpan);
    }
}
