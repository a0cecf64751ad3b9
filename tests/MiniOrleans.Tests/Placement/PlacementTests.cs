using Orleans.Runtime.Placement;

namespace MiniOrleans.Tests.Placement;

[Collection(nameof(TwoSilos))]
public sealed class PlacementTests(TwoSilos silos)
{
    private SiloAddress[] Numbered => NumberedSiloDirector.Order(silos.Cluster.Silos.Select(silo => silo.SiloAddress));

    [Theory, Trait("Case", "46")]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_grain_lives_on_the_silo_that_its_director_chose_whoever_calls_first(int number)
    {
        foreach (var caller in silos.Callers)
        {
            var grain = caller.GetGrain<INumberedGrain>($"{number}|{Guid.NewGuid():N}");

            var silo = await grain.Silo();

            Assert.Equal(Numbered[number].ToString(), silo);
            Assert.Equal(Numbered[number], await silos.SiloOf(grain));
        }
    }

    [Theory, Trait("Case", "47")]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_grain_that_prefers_to_be_local_is_placed_on_its_callers_silo(int number)
    {
        var caller = silos.Client.GetGrain<INumberedGrain>($"{number}|{Guid.NewGuid():N}");

        for (var n = 0; n < 5; n++) Assert.Equal(Numbered[number].ToString(), await caller.SiloOfANewLocalGrain(Unique.Key("local")));
    }

    [Fact, Trait("Case", "48")]
    public async Task A_stateless_worker_has_no_more_activations_on_a_silo_than_it_may()
    {
        var key = Unique.Key("worker");
        var calls = Enumerable.Range(0, 8).Select(_ => silos.FactoryOn(0).GetGrain<IWorkerGrain>(key).Work(gate: key)).ToArray();
        await Journal.Has(key, "working", times: 2);
        Gate.Open(key);

        Assert.InRange((await Task.WhenAll(calls)).Distinct().Count(), 2, 3);
    }

    [Fact, Trait("Section", "2.9")]
    public async Task A_placement_hint_is_honoured()
    {
        foreach (var silo in Numbered)
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
            for (var n = 0; n < 5; n++) Assert.Equal(silo.ToString(), await silos.Client.GetGrain<IScatteredGrain>(Unique.Key("hinted")).Silo());
            RequestContext.Clear();
        }
    }

    [Fact, Trait("Section", "1.8")]
    public async Task A_grain_that_is_not_active_has_no_address() =>
        Assert.Null(await silos.SiloOf(silos.Client.GetGrain<IScatteredGrain>(Unique.Key("nowhere"))));
}
