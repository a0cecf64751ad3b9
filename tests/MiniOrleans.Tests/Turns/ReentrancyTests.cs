namespace MiniOrleans.Tests.Turns;

[Collection(nameof(TwoSilos))]
public sealed class ReentrancyTests(TwoSilos silos)
{
    private readonly IRingGrain _a = silos.Client.GetGrain<IRingGrain>(Unique.Key("ring-a"));
    private readonly IRingGrain _b = silos.Client.GetGrain<IRingGrain>(Unique.Key("ring-b"));

    [Fact, Trait("Case", "6")]
    public async Task A_ring_of_calls_times_out_and_leaves_both_grains_usable()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => _a.AskMyNameThrough(_b, allowReentrancy: false));

        Assert.Equal(_a.GetPrimaryKeyString(), await _a.Name());
        Assert.Equal(_b.GetPrimaryKeyString(), await _b.Name());
    }

    [Fact, Trait("Case", "7")]
    public async Task A_ring_of_calls_succeeds_when_its_first_grain_allows_reentrancy() =>
        Assert.Equal(_a.GetPrimaryKeyString(), await _a.AskMyNameThrough(_b, allowReentrancy: true));

    [Fact, Trait("Case", "8")]
    public async Task Calls_to_a_reentrant_grain_overlap_but_never_on_two_threads()
    {
        var key = Unique.Key("racing");
        var grain = silos.Client.GetGrain<IRacingGrain>(key);
        string[] names = ["first", "second", "third"];
        var calls = names.Select(name => grain.Hold(name, key)).ToArray();
        foreach (var name in names) await Journal.Has(key, $"{name} starts");

        Gate.Open(key);

        Assert.All(await Task.WhenAll(calls), collisions => Assert.Equal(0, collisions));
    }
}
