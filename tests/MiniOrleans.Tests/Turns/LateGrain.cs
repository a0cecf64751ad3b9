namespace MiniOrleans.Tests.Turns;

public interface ILateGrain : IGrainWithStringKey
{
    Task Hold(string gate);

    [ResponseTimeout("00:00:01")]
    Task Hurried();

    Task<int> Rest();
}

[GrainType("late")]
public sealed class LateGrain : Grain, ILateGrain
{
    public async Task Hold(string gate)
    {
        Journal.Note(this.GetPrimaryKeyString(), "held");
        await Gate.Passed(gate);
        Journal.Note(this.GetPrimaryKeyString(), "let go");
    }

    public Task Hurried()
    {
        Journal.Note(this.GetPrimaryKeyString(), "hurried");
        return Task.CompletedTask;
    }

    public Task<int> Rest() => Task.FromResult(Journal.Count(this.GetPrimaryKeyString(), "hurried"));
}
