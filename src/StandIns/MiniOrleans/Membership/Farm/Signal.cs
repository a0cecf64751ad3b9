namespace Orleans.Runtime;

/// <summary>Wakes one loop before its time.</summary>
internal sealed class Signal(TimeProvider time)
{
    private TaskCompletionSource _next = new();

    public void Set() => Volatile.Read(ref _next).TrySetResult();

    /// <summary>Until it is set, or for so long. What sets it from now on wakes the next wait: the caller looks at the world only afterwards.</summary>
    public async Task Wait(TimeSpan atMost)
    {
        var mine = Volatile.Read(ref _next);
        using (time.CreateTimer(static set => ((TaskCompletionSource)set!).TrySetResult(), mine, atMost, Timeout.InfiniteTimeSpan))
            await mine.Task.ConfigureAwait(false);
        Volatile.Write(ref _next, new TaskCompletionSource());
    }
}
