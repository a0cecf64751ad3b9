namespace MiniOrleans.Tests.Calls;

[Collection(nameof(TwoSilos))]
public sealed class OneWayTests(TwoSilos silos)
{
    [Fact, Trait("Case", "17")]
    public async Task A_one_way_call_returns_before_the_grain_has_done_its_work()
    {
        var key = Unique.Key("slow");

        await silos.Client.GetGrain<ISlowGrain>(key).Tell(gate: key);

        Assert.Empty(Journal.Of(key));
        Gate.Open(key);
        await Journal.Has(key, "told");
    }

    [Fact, Trait("Case", "17")]
    public async Task A_one_way_call_hides_what_the_grain_throws()
    {
        var key = Unique.Key("slow");

        await silos.Client.GetGrain<ISlowGrain>(key).TellAndFail();

        await Journal.Has(key, "failing");
        Assert.Equal(1, await silos.Client.GetGrain<ISlowGrain>(key).NoteCall());
    }
}
