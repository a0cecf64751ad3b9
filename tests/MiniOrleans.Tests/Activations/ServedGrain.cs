namespace MiniOrleans.Tests.Activations;

public interface IServedGrain : IGrainWithStringKey
{
    Task Begin();

    /// <summary>The same for both grains of one silo, and different for two activations.</summary>
    Task<(Guid Shared, Guid Own)> Services();

    Task Leave();
}

/// <summary>One for each silo.</summary>
public sealed class SharedService
{
    public Guid Id { get; } = Guid.NewGuid();
}

/// <summary>One for each activation; notes its end in the journal that it was told.</summary>
public sealed class OwnService : IDisposable
{
    public Guid Id { get; } = Guid.NewGuid();

    public string Key { get; set; } = "";

    public void Dispose() => Journal.Note(Key, "service disposed");
}

[Placement.NumberedSiloPlacement, GrainType("served")]
public sealed class ServedGrain(SharedService shared, OwnService own) : Grain, IServedGrain, IDisposable
{
    private string Key => this.GetPrimaryKeyString();

    public Task Begin()
    {
        own.Key = Key;
        this.RegisterGrainTimer(Tick, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50));
        return Task.CompletedTask;
    }

    public Task<(Guid Shared, Guid Own)> Services() => Task.FromResult((shared.Id, own.Id));

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Journal.Note(Key, "left");
        return Task.CompletedTask;
    }

    public void Dispose() => Journal.Note(Key, "grain disposed");

    private Task Tick()
    {
        Journal.Note(Key, "tick");
        return Task.CompletedTask;
    }
}
