using Orleans.Concurrency;

namespace MiniOrleans.Tests.Turns;

public interface IRacingGrain : IGrainWithStringKey
{
    /// <summary>Waits for the gate in many short steps; returns how often another thread was inside the grain at the same time.</summary>
    Task<int> Hold(string name, string gate);
}

[Reentrant, GrainType("racing")]
public sealed class RacingGrain : Grain, IRacingGrain
{
    private int _inside;
    private int _collisions;

    public async Task<int> Hold(string name, string gate)
    {
        Journal.Note(this.GetPrimaryKeyString(), $"{name} starts");
        var passed = Gate.Passed(gate);
        for (var step = 0; step < 50 || !passed.IsCompleted; step++)
        {
            if (Interlocked.Increment(ref _inside) > 1) Interlocked.Increment(ref _collisions);
            Thread.SpinWait(2000);
            Interlocked.Decrement(ref _inside);
            if (step % 10 == 9) await Task.Delay(1);
            else await Task.Yield();
        }

        await passed;
        return _collisions;
    }
}
