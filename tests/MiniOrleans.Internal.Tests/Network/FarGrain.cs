using System.Collections.Concurrent;

namespace MiniOrleans.Internal.Tests.Network;

internal interface INews : IGrainObserver
{
    void Hear(string news);
}

/// <summary>Lives on the silo that its key names.</summary>
internal interface IFarGrain : IGrainWithStringKey
{
    Task<byte[]> Echo(byte[] bytes);

    Task<string> Where();

    [Orleans.Concurrency.OneWay]
    Task Note(int number);

    Task<int[]> Notes();

    Task WaitFor(string gate);

    Task Tell(INews observer, string news);

    Task<byte[]> EchoAt(string other, byte[] bytes);
}

[GrainType("far"), KeyedSiloPlacement]
internal sealed class FarGrain : Grain, IFarGrain
{
    public static readonly ConcurrentDictionary<string, TaskCompletionSource> Gates = new();
    private readonly List<int> _notes = [];

    public Task<byte[]> Echo(byte[] bytes) => Task.FromResult(bytes);

    public Task<string> Where() => Task.FromResult(RuntimeIdentity);

    public Task Note(int number)
    {
        _notes.Add(number);
        return Task.CompletedTask;
    }

    public Task<int[]> Notes() => Task.FromResult(_notes.ToArray());

    public Task WaitFor(string gate) => Gate(gate).Task.WaitAsync(NetworkedSilos.Patience);

    public Task Tell(INews observer, string news)
    {
        observer.Hear(news);
        return Task.CompletedTask;
    }

    public Task<byte[]> EchoAt(string other, byte[] bytes) => GrainFactory.GetGrain<IFarGrain>(other).Echo(bytes);

    public static TaskCompletionSource Gate(string name) => Gates.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}

/// <summary>Lives anywhere.</summary>
internal interface IRoamingGrain : IGrainWithStringKey
{
    Task<string> Where();

    Task WaitFor(string gate);

    Task<string> WhereAfter(int milliseconds);
}

[GrainType("roaming")]
internal sealed class RoamingGrain : Grain, IRoamingGrain
{
    public Task<string> Where() => Task.FromResult(RuntimeIdentity);

    public Task WaitFor(string gate) => FarGrain.Gate(gate).Task.WaitAsync(NetworkedSilos.Patience);

    public async Task<string> WhereAfter(int milliseconds)
    {
        await Task.Delay(milliseconds);
        return RuntimeIdentity;
    }
}
