using MiniOrleans.Tests.Calls;

namespace MiniOrleans.Tests.Activations;

public interface IReluctantGrain : IGrainWithStringKey
{
    Task<string> Answer();
}

/// <summary>Fails its first two activations.</summary>
[GrainType("reluctant")]
public sealed class ReluctantGrain : Grain, IReluctantGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        Journal.Note(key, "activating");
        var attempt = Journal.Count(key, "activating");
        return attempt <= 2 ? throw new MarkedException("not yet", attempt) : Task.CompletedTask;
    }

    public Task<string> Answer() => Task.FromResult("at last");
}
