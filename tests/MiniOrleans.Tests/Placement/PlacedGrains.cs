using Orleans.Concurrency;
using Orleans.Placement;

namespace MiniOrleans.Tests.Placement;

/// <summary>Tells which activation, on which silo, answers.</summary>
public interface IPlacedGrain : IGrainWithStringKey
{
    Task<Guid> Activation();

    Task<string> Silo();
}

public interface INumberedGrain : IPlacedGrain
{
    /// <summary>Calls a new grain that prefers the silo of its caller; returns that grain's silo.</summary>
    Task<string> SiloOfANewLocalGrain(string key);
}

[NumberedSiloPlacement, GrainType("placed.numbered")]
public sealed class NumberedGrain : Grain, INumberedGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public Task<string> Silo() => Task.FromResult(RuntimeIdentity);

    public Task<string> SiloOfANewLocalGrain(string key) => GrainFactory.GetGrain<ILocalGrain>(key).Silo();
}

public interface ILocalGrain : IGrainWithStringKey
{
    Task<string> Silo();
}

[PreferLocalPlacement, GrainType("placed.local")]
public sealed class LocalGrain : Grain, ILocalGrain
{
    public Task<string> Silo() => Task.FromResult(RuntimeIdentity);
}

public interface IWorkerGrain : IGrainWithStringKey
{
    Task<Guid> Work(string gate);
}

[StatelessWorker(3), GrainType("placed.worker")]
public sealed class WorkerGrain : Grain, IWorkerGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public async Task<Guid> Work(string gate)
    {
        Journal.Note(gate, "working");
        await Gate.Passed(gate);
        return _activation;
    }
}

public interface IScatteredGrain : IPlacedGrain;

[RandomPlacement, GrainType("placed.scattered")]
public sealed class ScatteredGrain : Grain, IScatteredGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public Task<string> Silo() => Task.FromResult(RuntimeIdentity);
}
