namespace Orleans.Runtime;

/// <summary>The timers of one activation; none survives it.</summary>
internal sealed class TimerRegistry(ActivationData activation) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<GrainTimer> _timers = [];
    private bool _disposed;

    public IGrainTimer Register(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        if (ActivationData.Current != activation) throw new InvalidOperationException("A timer is registered on the grain's own turn, not from another thread.");
        var timer = new GrainTimer(activation, callback, options);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, activation);
            _timers.Add(timer);
        }

        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    public void Remove(GrainTimer timer)
    {
        lock (_lock) _timers.Remove(timer);
    }

    public void Dispose()
    {
        List<GrainTimer> all;
        lock (_lock)
        {
            _disposed = true;
            all = [.. _timers];
        }

        foreach (var timer in all) timer.Dispose();
    }
}
