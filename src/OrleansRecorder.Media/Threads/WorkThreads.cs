namespace OrleansRecorder.Media.Threads;

/// <summary>Something with work for a thread, a step at a time.</summary>
internal interface IWorker
{
    /// <summary>Does the next step. Called once for each time it was scheduled, perhaps by several threads.</summary>
    void Step();
}

/// <summary>
/// A few threads of our own for work that may block or take long, so that nothing of it lands on the ingest threads or on those of the pool. They are begun
/// when needed and gone when there was nothing for a while; one that dies is replaced.
/// </summary>
/// <param name="name">Of the threads.</param>
/// <param name="most">How many at once.</param>
/// <param name="time">Tells a thread that is held up from one that is at work.</param>
/// <param name="start">Starts a thread; null for <see cref="Thread.Start()"/>.</param>
internal sealed class WorkThreads(string name, int most, TimeProvider time, Action<Thread>? start = null)
{
    private const int StackSize = 256 << 10;

    // A thread that is at work takes so much more before another is woken to help it.
    private const int Backlog = 16;
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    // Waking a thread costs as much as a small piece of work: what can wait is collected.
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(200);
    private readonly object _lock = new();
    private readonly Queue<IWorker> _ready = new();
    private int _threads;
    private int _idle;
    private int _urgent;
    private long _lastTaken;
    private bool _isGathering;
    private bool _mayCome;

    /// <summary>A worker has something to do. Never blocks.</summary>
    public void Schedule(IWorker worker)
    {
        lock (_lock)
        {
            _ready.Enqueue(worker);
            _urgent = _ready.Count;
            // One that was woken counts as idle until it has the lock again, and what it was woken for still lies here.
            if (_ready.Count > _idle && _threads < most) Begin();
            else Monitor.Pulse(_lock);
        }
    }

    /// <summary>A worker has something to do that may wait a fifth of a second for company: one thread is woken for all that comes until then. Never blocks.</summary>
    public void ScheduleSoon(IWorker worker)
    {
        lock (_lock)
        {
            _ready.Enqueue(worker);
            var isAtWork = _isGathering || (_threads > _idle && !IsHeldUpNeedsLock());
            if (isAtWork && _ready.Count % Backlog != 0) return;
            if (_idle == 0 && _threads < most) Begin();
            else if (!_isGathering) Monitor.Pulse(_lock);
        }
    }

    // Nobody has taken anything for so long: a step lasts, and what came since would wait as long as it does. One thread is woken for that.
    private bool IsHeldUpNeedsLock()
    {
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(_lastTaken, now) <= GatherTime) return false;
        _lastTaken = now;
        return true;
    }

    // It waits for the lock, so that it finds itself counted.
    private void Begin()
    {
        try
        {
            var thread = new Thread(Work, StackSize) { IsBackground = true, Name = name };
            if (start is null) thread.Start();
            else start(thread);
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            // The machine has no more of them. What waits goes to one that is there: nobody would ask for it again.
            if (_threads > 0) return;
            ThreadPool.UnsafeQueueUserWorkItem(static threads => threads.Work(), this, preferLocal: false);
        }

        _threads++;
    }

    private void Work()
    {
        try
        {
            while (Next() is { } worker) worker.Step();
        }
        catch (Exception)
        {
            // Workers keep the failures of their work: this is a defect, or no memory. What waits goes to another thread.
            lock (_lock)
            {
                _threads--;
                if (_ready.Count > 0 && _threads < most) Begin();
            }
        }
    }

    private IWorker? Next()
    {
        lock (_lock)
        {
            while (_ready.Count == 0)
            {
                // Where work came it will come again: nobody needs to be woken for it, and it is always the same thread that does it.
                if (_mayCome && Gather()) continue;
                _mayCome = false;
                _idle++;
                var isWoken = Monitor.Wait(_lock, IdleTime);
                _idle--;
                if (_ready.Count > 0) Gather();
                if (isWoken || _ready.Count > 0) continue;
                _threads--;
                return null;
            }

            _lastTaken = time.GetTimestamp();
            if (_urgent > 0) _urgent--;
            else _mayCome = true;
            return _ready.Dequeue();
        }
    }

    // Lets work come together; true when there is some. Others may be woken meanwhile by what is urgent, and take what is here.
    private bool Gather()
    {
        if (_isGathering || _urgent > 0 || _ready.Count >= Backlog) return _ready.Count > 0;
        _isGathering = true;
        _idle++;
        Monitor.Wait(_lock, GatherTime);
        _idle--;
        _isGathering = false;
        return _ready.Count > 0;
    }
}
