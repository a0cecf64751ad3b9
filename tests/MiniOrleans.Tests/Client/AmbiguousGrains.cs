namespace MiniOrleans.Tests.Client;

/// <summary>No class implements it.</summary>
public interface IOrphanGrain : IGrainWithStringKey
{
    Task Nothing();
}

/// <summary>Two classes implement it.</summary>
public interface IAmbiguousGrain : IGrainWithStringKey
{
    Task<string> Name();
}

[GrainType("ambiguous.first")]
public sealed class FirstAmbiguousGrain : Grain, IAmbiguousGrain
{
    public Task<string> Name() => Task.FromResult("first");
}

[GrainType("ambiguous.second")]
public sealed class SecondAmbiguousGrain : Grain, IAmbiguousGrain
{
    public Task<string> Name() => Task.FromResult("second");
}
