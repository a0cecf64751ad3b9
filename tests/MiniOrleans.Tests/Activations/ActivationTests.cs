using MiniOrleans.Tests.Calls;

namespace MiniOrleans.Tests.Activations;

[Collection(nameof(TwoSilos))]
public sealed class ActivationTests(TwoSilos silos)
{
    private readonly string _key = Unique.Key("life");

    private ILifeGrain Grain => silos.Client.GetGrain<ILifeGrain>(GrainId.Create("life", _key));

    [Fact, Trait("Case", "23")]
    public async Task After_DeactivateOnIdle_a_new_activation_answers()
    {
        var before = await Grain.Activation();

        await Grain.Leave();

        await Eventually.IsTrue(async () => await Grain.Activation() != before);
        await Journal.Has(_key, nameof(DeactivationReasonCode.ApplicationRequested));
    }

    [Fact, Trait("Case", "27")]
    public async Task A_call_that_comes_during_deactivation_waits_for_a_new_activation()
    {
        var before = await Grain.Activation();
        await Grain.LeaveSlowly(TimeSpan.FromSeconds(1));
        await Journal.Has(_key, "leaving");

        var after = await Grain.Activation();

        Assert.NotEqual(before, after);
        Assert.Equal(["leaving", "ApplicationRequested"], Journal.Of(_key));
    }

    [Fact, Trait("Case", "28")]
    public async Task A_failing_activation_fails_its_call_and_the_next_call_tries_again()
    {
        // Many times: an activation may fail before its request has reached it.
        for (var n = 0; n < 50; n++)
        {
            var grain = silos.Client.GetGrain<IReluctantGrain>(Unique.Key("reluctant"));

            Assert.Equal(1, (await Assert.ThrowsAsync<MarkedException>(() => grain.Answer())).Code);
            Assert.Equal(2, (await Assert.ThrowsAsync<MarkedException>(() => grain.Answer())).Code);
            Assert.Equal("at last", await grain.Answer());
        }
    }
}
