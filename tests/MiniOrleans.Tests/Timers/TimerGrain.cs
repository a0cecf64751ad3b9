namespace MiniOrleans.Tests.Timers;

public interface ITimerGrain : IGrainWithStringKey
{
    /// <summary>Ticks every 50 ms, takes 100 ms for each, fails every second one.</summary>
    Task StartSlowTicks();

    Task StartTicks(bool interleave);

    /// <summary>A request of 400 ms that notes its start and end.</summary>
    Task Work();

    /// <summary>One shot; its first tick asks for a second one, the second for a third, the third disposes the timer.</summary>
    Task StartChain();

    Task StartAtOnce();
}

[GrainType("timer")]
public sealed class TimerGrain : Grain, ITimerGrain
{
    private int _ticks;
    private IGrainTimer? _chain;

    private string Key => this.GetPrimaryKeyString();

    public Task StartSlowTicks()
    {
        var period = TimeSpan.FromMilliseconds(50);
        this.RegisterGrainTimer(SlowTick, period, period);
        return Task.CompletedTask;
    }

    public Task StartTicks(bool interleave)
    {
        var period = TimeSpan.FromMilliseconds(50);
        this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions { DueTime = period, Period = period, Interleave = interleave });
        return Task.CompletedTask;
    }

    public async Task Work()
    {
        Journal.Note(Key, "work starts");
        await Task.Delay(400);
        Journal.Note(Key, "work ends");
    }

    public Task StartChain()
    {
        _chain = this.RegisterGrainTimer(LinkTick, TimeSpan.FromMilliseconds(50), Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public async Task StartAtOnce()
    {
        this.RegisterGrainTimer(Tick, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        await Task.Delay(100);
        Journal.Note(Key, "request ends");
    }

    private Task Tick()
    {
        Journal.Note(Key, "tick");
        return Task.CompletedTask;
    }

    private async Task SlowTick(CancellationToken cancellationToken)
    {
        Journal.Note(Key, "starts");
        await Task.Delay(100, cancellationToken);
        Journal.Note(Key, "ends");
        if (++_ticks % 2 == 0) throw new InvalidOperationException("every second tick fails");
    }

    private Task LinkTick(CancellationToken cancellationToken)
    {
        Journal.Note(Key, $"tick {++_ticks}");
        switch (_ticks)
        {
            case < 3:
                _chain!.Change(TimeSpan.FromMilliseconds(50), Timeout.InfiniteTimeSpan);
                break;
            case 3:
                _chain!.Change(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50));
                _chain.Dispose();
                Journal.Note(Key, cancellationToken.IsCancellationRequested ? "token cancelled" : "token still good");
                break;
        }

        return Task.CompletedTask;
    }
}
