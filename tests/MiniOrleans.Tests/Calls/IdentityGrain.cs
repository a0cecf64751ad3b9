namespace MiniOrleans.Tests.Calls;

/// <summary>Tells which activation, on which silo, answers.</summary>
public interface IIdentityGrain : IGrainWithStringKey
{
    Task<Guid> Activation();

    Task<string> Silo();
}

[GrainType("identity")]
public sealed class IdentityGrain : Grain, IIdentityGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public Task<string> Silo() => Task.FromResult(RuntimeIdentity);
}
