using Orleans.Concurrency;

namespace MiniOrleans.Tests.Calls;

public interface ISlowGrain : IGrainWithStringKey
{
    [OneWay]
    Task Tell(string gate);

    [OneWay]
    Task TellAndFail();

    [ResponseTimeout("00:00:01")]
    Task TakeThreeSeconds();

    Task WaitUntilCancelled(CancellationToken cancellationToken = default);

    Task<int> NoteCall(CancellationToken cancellationToken = default);
}

[GrainType("slow")]
public sealed class SlowGrain : Grain, ISlowGrain
{
    private string Key => this.GetPrimaryKeyString();

    public async Task Tell(string gate)
    {
        await Gate.Passed(gate);
        Journal.Note(Key, "told");
    }

    public Task TellAndFail()
    {
        Journal.Note(Key, "failing");
        throw new InvalidOperationException("nobody listens");
    }

    public async Task TakeThreeSeconds()
    {
        await Task.Delay(TimeSpan.FromSeconds(3));
        Journal.Note(Key, "done");
    }

    public async Task WaitUntilCancelled(CancellationToken cancellationToken)
    {
        Journal.Note(Key, "waiting");
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(30), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Journal.Note(Key, "cancelled");
            throw;
        }
    }

    public Task<int> NoteCall(CancellationToken cancellationToken)
    {
        Journal.Note(Key, "called");
        return Task.FromResult(1);
    }
}
