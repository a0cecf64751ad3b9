namespace MiniOrleans.Tests.Turns;

/// <summary>Calls itself through a second grain: A → B → A.</summary>
public interface IRingGrain : IGrainWithStringKey
{
    Task<string> AskMyNameThrough(IRingGrain other, bool allowReentrancy);

    Task<string> AskNameOf(IRingGrain other);

    Task<string> Name();
}

[GrainType("ring")]
public sealed class RingGrain : Grain, IRingGrain
{
    public async Task<string> AskMyNameThrough(IRingGrain other, bool allowReentrancy)
    {
        var me = this.AsReference<IRingGrain>();
        if (!allowReentrancy) return await other.AskNameOf(me);
        using var section = RequestContext.AllowCallChainReentrancy();
        return await other.AskNameOf(me);
    }

    public Task<string> AskNameOf(IRingGrain other) => other.Name();

    public Task<string> Name() => Task.FromResult(this.GetPrimaryKeyString());
}
