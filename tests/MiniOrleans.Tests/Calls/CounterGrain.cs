namespace MiniOrleans.Tests.Calls;

public interface ICounterGrain : IGrainWithStringKey
{
    /// <summary>Adds one in two steps, which loses counts as soon as two calls overlap.</summary>
    Task Increment();

    Task<int> Value();
}

[GrainType("counter")]
public sealed class CounterGrain : Grain, ICounterGrain
{
    private int _value;

    public async Task Increment()
    {
        var value = _value;
        await Task.Yield();
        _value = value + 1;
    }

    public Task<int> Value() => Task.FromResult(_value);
}
