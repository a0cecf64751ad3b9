namespace MiniOrleans.Tests.Calls;

/// <summary>Tells which activation answers.</summary>
public interface IIdentityGrain : IGrainWithStringKey
{
    Task<Guid> Activation();
}

[GrainType("identity")]
public sealed class IdentityGrain : Grain, IIdentityGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public Task<Guid> Activation() => Task.FromResult(_activation);
}
