namespace MiniOrleans.Tests.Calls;

[Collection(nameof(TwoSilos))]
public sealed class RequestContextTests(TwoSilos silos)
{
    private readonly IContextGrain _first = silos.Client.GetGrain<IContextGrain>(Unique.Key("context"));
    private readonly IContextGrain _second = silos.Client.GetGrain<IContextGrain>(Unique.Key("context"));

    [Fact, Trait("Case", "61")]
    public async Task A_value_set_by_the_client_reaches_the_grain_and_the_grains_that_it_calls()
    {
        RequestContext.Set("colour", "green");

        Assert.Equal("green", await _first.Read("colour"));
        Assert.Equal("green", await _first.ReadThrough(_second, "colour"));

        RequestContext.Clear();
        Assert.Null(await _first.Read("colour"));
    }

    [Fact, Trait("Case", "61")]
    public async Task A_value_set_by_the_callee_never_reaches_the_caller()
    {
        await _first.Write("shape", "round");
        Assert.Null(RequestContext.Get("shape"));
        Assert.Null(await _first.ReadAfterOtherWrote(_second, "shape"));
    }
}
