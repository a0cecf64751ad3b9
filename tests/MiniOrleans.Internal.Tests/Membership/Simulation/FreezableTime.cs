namespace MiniOrleans.Internal.Tests.Membership;

/// <summary>The clock of one process: it can be stopped, and then does late what was due meanwhile.</summary>
internal sealed class FreezableTime(TimeProvider real) : TimeProvider
{
    private readonly Queue<Action> _late = new();
    private bool _stopped;

    public bool IsFrozen { get; private set; }

    public override long TimestampFrequency => real.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => real.GetUtcNow();

    public override long GetTimestamp() => real.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        real.CreateTimer(_ => Run(() => callback(state)), null, dueTime, period);

    public void Run(Action action)
    {
        if (_stopped) return;
        if (IsFrozen) _late.Enqueue(action);
        else action();
    }

    public void Freeze() => IsFrozen = true;

    public void Thaw()
    {
        IsFrozen = false;
        while (!_stopped && _late.TryDequeue(out var action)) action();
    }

    public void Stop() => _stopped = true;
}
