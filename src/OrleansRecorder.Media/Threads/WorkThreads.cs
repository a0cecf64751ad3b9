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
internal sealed class WorkThreads(string name, int most)
{
    private const int StackSize = 256 << 10;
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);
    private readonly object _lock = new();
    private readonly Queue<IWorker> _ready = new();
    private int _threads;
    private int _idle;

    /// <summary>A worker has something to do. Never blocks.</summary>
    public void Schedule(IWorker worker)
    {
        lock (_lock)
        {
            _ready.Enqueue(worker);
            // One that was woken counts as idle until it has the lock again, and what it was woken for still lies here.
            if (_ready.Count > _idle && _threads < most) Begin();
            else Monitor.Pulse(_lock);
        }
    }

    private void Begin()
    {
        _threads++;
        new Thread(Work, StackSize) { IsBackground = true, Name = name }.Start();
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
                _idle++;
                var isWoken = Monitor.Wait(_lock, IdleTime);
                _idle--;
                if (isWoken || _ready.Count > 0) continue;
                _threads--;
                return null;
            }

            return _ready.Dequeue();
        }
    }
}
