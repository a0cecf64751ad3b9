namespace MiniOrleans.Tests.Activations;

[Collection(nameof(TwoSilos))]
public sealed class ServiceTests(TwoSilos silos)
{
    private readonly string _key = $"0|{Guid.NewGuid():N}";

    private IServedGrain Grain => silos.Client.GetGrain<IServedGrain>(_key);

    [Fact, Trait("Section", "2.1")]
    public async Task Each_activation_has_a_scope_of_services()
    {
        var other = silos.Client.GetGrain<IServedGrain>($"0|{Guid.NewGuid():N}");

        var (mine, others) = (await Grain.Services(), await other.Services());

        Assert.Equal(mine.Shared, others.Shared);
        Assert.NotEqual(mine.Own, others.Own);
    }

    [Fact, Trait("Section", "2.1")]
    public async Task Timers_grain_and_services_end_with_the_activation()
    {
        await Grain.Begin();
        await Journal.Has(_key, "tick");

        await Grain.Leave();

        await Journal.Has(_key, "grain disposed");
        await Journal.Has(_key, "service disposed");
        await Task.Delay(200);
        Assert.DoesNotContain("tick", Journal.Of(_key).SkipWhile(e => e != "left"));
    }
}
