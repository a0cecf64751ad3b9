using Orleans.Concurrency;

namespace MiniOrleans.Tests.Turns;

public interface ITurnGrain : IGrainWithStringKey
{
    /// <summary>Notes its start, waits for the gate, notes its end.</summary>
    Task Hold(string name, string gate);

    [ReadOnly]
    Task HoldReadOnly(string name, string gate);

    [AlwaysInterleave]
    Task<string> Interleave();

    /// <summary>Whether code runs on the grain's own scheduler: before, and after, leaving it for the thread pool.</summary>
    Task<bool> ComesBackAfterTaskRun();
}

[GrainType("turn")]
public sealed class TurnGrain : Grain, ITurnGrain
{
    public Task Hold(string name, string gate) => Work(name, gate);

    public Task HoldReadOnly(string name, string gate) => Work(name, gate);

    public Task<string> Interleave() => Task.FromResult("here");

    public async Task<bool> ComesBackAfterTaskRun()
    {
        var scheduler = TaskScheduler.Current;
        var inside = await Task.Run(() => TaskScheduler.Current);
        return scheduler != TaskScheduler.Default && inside == TaskScheduler.Default && TaskScheduler.Current == scheduler;
    }

    private async Task Work(string name, string gate)
    {
        var key = this.GetPrimaryKeyString();
        Journal.Note(key, $"{name} starts");
        await Gate.Passed(gate);
        Journal.Note(key, $"{name} ends");
    }
}
