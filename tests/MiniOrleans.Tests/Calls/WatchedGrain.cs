namespace MiniOrleans.Tests.Calls;

public interface IWatchedGrain : IGrainWithStringKey
{
    Task<string> Plain();

    Task<string> Replaced();

    Task Refused();

    Task StartTimer();

    Task StartReminder();

    Task StopReminder();
}

[GrainType("watched")]
public sealed class WatchedGrain : Grain, IWatchedGrain, IRemindable
{
    public Task<string> Plain() => Task.FromResult("from the grain");

    public Task<string> Replaced() => Task.FromResult("from the grain");

    public Task Refused()
    {
        Journal.Note(this.GetPrimaryKeyString(), "ran although refused");
        return Task.CompletedTask;
    }

    public Task StartTimer()
    {
        this.RegisterGrainTimer(() => Task.CompletedTask, TimeSpan.FromMilliseconds(50), Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    // A busy machine may miss the first tick, and that one is not made up for: the next must be near.
    public Task StartReminder() => this.RegisterOrUpdateReminder("watched", TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1));

    public async Task StopReminder()
    {
        if (await this.GetReminder("watched") is { } reminder) await this.UnregisterReminder(reminder);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}
