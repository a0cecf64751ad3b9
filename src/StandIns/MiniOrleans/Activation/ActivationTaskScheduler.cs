namespace Orleans.Runtime;

/// <summary>Runs the turns of one activation one after the other, on whatever thread of the pool is free.</summary>
internal sealed class ActivationTaskScheduler(ActivationData activation) : TaskScheduler, IThreadPoolWorkItem
{
    private const int MaxTurnsInARow = 64;

    [ThreadStatic]
    private static ActivationTaskScheduler? _onThisThread;

    private readonly Lock _lock = new();
    private readonly Queue<Task> _turns = [];
    private bool _scheduled;

    public ActivationData Activation => activation;

    public override int MaximumConcurrencyLevel => 1;

    void IThreadPoolWorkItem.Execute()
    {
        var outer = _onThisThread;
        _onThisThread = this;
        try
        {
            for (var i = 0; i < MaxTurnsInARow; i++)
            {
                if (Next() is not { } turn) return;
                TryExecuteTask(turn);
            }
        }
        finally
        {
            _onThisThread = outer;
        }

        // Others want the thread too.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    protected override void QueueTask(Task task)
    {
        lock (_lock)
        {
            _turns.Enqueue(task);
            if (_scheduled) return;
            _scheduled = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && _onThisThread == this && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_lock) return [.. _turns];
    }

    private Task? Next()
    {
        lock (_lock)
        {
            if (_turns.TryDequeue(out var turn)) return turn;
            _scheduled = false;
            return null;
        }
    }
}
