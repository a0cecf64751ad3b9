using Orleans.Configuration;

namespace MiniOrleans.Tests.Activations;

/// <summary>One silo that collects activations idle for 3 s.</summary>
public sealed class ImpatientSilo() : ClusterFixture(1)
{
    protected override void ConfigureSilo(string name, ISiloBuilder silo) => silo.Configure<GrainCollectionOptions>(options =>
    {
        options.CollectionQuantum = TimeSpan.FromSeconds(1);
        options.CollectionAge = TimeSpan.FromSeconds(3);
    });
}

public sealed class IdleCollectionTests(ImpatientSilo silo) : IClassFixture<ImpatientSilo>
{
    private const string Idle = nameof(DeactivationReasonCode.ActivationIdle);

    private ILifeGrain Grain(string key) => silo.Client.GetGrain<ILifeGrain>(GrainId.Create("life", key));

    [Fact, Trait("Case", "24")]
    public async Task An_idle_grain_is_collected_unless_it_is_kept_alive()
    {
        var (idle, kept) = (Unique.Key("idle"), Unique.Key("kept"));
        await Grain(idle).Activation();
        var activation = await silo.Client.GetGrain<IKeptGrain>(kept).Activation();

        await Journal.Has(idle, Idle, withinSeconds: 12);

        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.Empty(Journal.Of(kept));
        Assert.Equal(activation, await silo.Client.GetGrain<IKeptGrain>(kept).Activation());
    }

    [Fact, Trait("Case", "24")]
    public async Task A_grain_that_is_called_now_and_then_is_not_collected()
    {
        var key = Unique.Key("called");
        var activation = await Grain(key).Activation();

        for (var n = 0; n < 6; n++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            Assert.Equal(activation, await Grain(key).Activation());
        }
    }

    [Fact, Trait("Case", "25")]
    public async Task Timer_ticks_keep_a_grain_only_when_they_are_told_to()
    {
        var (plain, keeping) = (Unique.Key("plain"), Unique.Key("keeping"));
        await Grain(plain).StartTimer(TimeSpan.FromMilliseconds(200), keepAlive: false);
        await Grain(keeping).StartTimer(TimeSpan.FromMilliseconds(200), keepAlive: true);

        await Journal.Has(plain, Idle, withinSeconds: 12);

        await Task.Delay(TimeSpan.FromSeconds(3));
        Assert.DoesNotContain(Idle, Journal.Of(keeping));
        Assert.Equal(Idle, Journal.Of(plain)[^1]);
    }

    [Fact, Trait("Case", "26")]
    public async Task DelayDeactivation_puts_collection_off_and_does_not_prevent_it()
    {
        var (plain, delayed) = (Unique.Key("plain"), Unique.Key("delayed"));
        await Grain(delayed).Stay(TimeSpan.FromSeconds(8));
        await Grain(plain).Activation();

        await Task.Delay(TimeSpan.FromSeconds(6));
        Assert.Empty(Journal.Of(delayed));
        await Journal.Has(plain, Idle);

        await Journal.Has(delayed, Idle, withinSeconds: 20);
    }

    [Fact, Trait("Section", "1.8")]
    public async Task Collection_can_be_forced()
    {
        var key = Unique.Key("forced");
        await Grain(key).Activation();
        await Task.Delay(50);

        await silo.Management.ForceActivationCollection(TimeSpan.Zero);

        await Journal.Has(key, Idle, withinSeconds: 2);
    }
}
