namespace MiniOrleans.Tests.Calls;

[Collection(nameof(TwoSilos))]
public sealed class CallFilterTests(TwoSilos silos)
{
    private readonly string _key = Unique.Key("watched");

    private IWatchedGrain Grain => silos.Client.GetGrain<IWatchedGrain>(_key);

    [Fact, Trait("Case", "60")]
    public async Task A_filter_sees_calls_and_can_set_the_result()
    {
        Assert.Equal("from the grain", await Grain.Plain());
        Assert.Equal("from the filter", await Grain.Replaced());
        Assert.Equal(["Plain", "Replaced"], Journal.Of(_key));
    }

    [Fact, Trait("Case", "60")]
    public async Task A_filter_can_refuse_a_call()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Grain.Refused());
        Assert.Equal(["Refused"], Journal.Of(_key));
    }

    [Fact, Trait("Case", "60")]
    public async Task A_filter_sees_timer_ticks()
    {
        await Grain.StartTimer();
        await Journal.Has(_key, "InvokeCallbackAsync");
    }

    [Fact, Trait("Case", "60")]
    public async Task A_filter_sees_reminder_ticks()
    {
        await Grain.StartReminder();
        await Journal.Has(_key, "ReceiveReminder");
        await Grain.StopReminder();
    }
}
