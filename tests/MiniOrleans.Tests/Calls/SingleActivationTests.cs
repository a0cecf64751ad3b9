namespace MiniOrleans.Tests.Calls;

[Collection(nameof(TwoSilos))]
public sealed class SingleActivationTests(TwoSilos silos)
{
    [Fact, Trait("Case", "1")]
    public async Task Callers_on_different_silos_meet_the_same_activation()
    {
        var callers = silos.Callers.ToArray();
        string[] keys = [.. Enumerable.Range(0, 100).Select(_ => Unique.Key("identity"))];

        var seen = await Task.WhenAll(keys.Select(async key => await Task.WhenAll(callers.Select(caller => Task.Run(() => caller.GetGrain<IIdentityGrain>(key).Activation())))));

        Assert.All(seen, activations => Assert.Single(activations.Distinct()));
    }

    [Fact, Trait("Case", "2")]
    public async Task A_thousand_concurrent_increments_are_all_counted()
    {
        var key = Unique.Key("counter");
        var callers = silos.Callers.Select(caller => caller.GetGrain<ICounterGrain>(key)).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(n => callers[n % callers.Length].Increment()));

        Assert.Equal(1000, await callers[0].Value());
    }

    [Fact, Trait("Section", "1.1")]
    public async Task Integer_guid_and_string_keys_reach_their_grain_and_can_be_read_there()
    {
        var guid = Guid.NewGuid();
        Assert.Equal("A1 b/c+d", await silos.Client.GetGrain<IStringKeyGrain>("A1 b/c+d").Key());
        Assert.Equal(-42, await silos.Client.GetGrain<IIntegerKeyGrain>(-42).Key());
        Assert.Equal(guid, await silos.Client.GetGrain<IGuidKeyGrain>(guid).Key());

        Assert.Equal("key.string/lens-1", silos.Client.GetGrain<IStringKeyGrain>("lens-1").GetGrainId().ToString());
        Assert.Equal("key.integer/2A", silos.Client.GetGrain<IIntegerKeyGrain>(42).GetGrainId().ToString());
        Assert.Equal("key.integer/FFFFFFFFFFFFFFFF", silos.Client.GetGrain<IIntegerKeyGrain>(-1).GetGrainId().ToString());
        Assert.Equal($"key.guid/{guid:N}", silos.Client.GetGrain<IGuidKeyGrain>(guid).GetGrainId().ToString());
    }

    [Fact, Trait("Section", "1.1")]
    public void Empty_keys_are_refused_before_any_call()
    {
        Assert.Throws<ArgumentNullException>(() => silos.Client.GetGrain<IStringKeyGrain>(null!));
        Assert.ThrowsAny<ArgumentException>(() => silos.Client.GetGrain<IStringKeyGrain>(""));
        Assert.ThrowsAny<ArgumentException>(() => silos.Client.GetGrain<IStringKeyGrain>("  "));
    }

    [Fact, Trait("Section", "1.1")]
    public void Uniform_hashes_match_the_known_vectors()
    {
        Assert.Equal(1450446165u, IdSpan.Create("a").GetUniformHashCode());
        Assert.Equal(4283683122u, IdSpan.Create("abc").GetUniformHashCode());
        Assert.Equal(500803754u, GrainId.Create("s", "lens-1").GetUniformHashCode());
    }
}
