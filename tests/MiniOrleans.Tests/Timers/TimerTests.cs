namespace MiniOrleans.Tests.Timers;

[Collection(nameof(TwoSilos))]
public sealed class TimerTests(TwoSilos silos)
{
    private readonly string _key = Unique.Key("timer");

    private ITimerGrain Grain => silos.Client.GetGrain<ITimerGrain>(_key);

    [Fact, Trait("Case", "29")]
    public async Task Ticks_never_overlap_and_go_on_after_one_fails()
    {
        await Grain.StartSlowTicks();

        await Journal.Has(_key, "ends", times: 5);

        var events = Journal.Of(_key);
        Assert.All(events.Index(), e => Assert.Equal(e.Index % 2 == 0 ? "starts" : "ends", e.Item));
    }

    [Fact, Trait("Case", "30")]
    public async Task No_tick_starts_during_a_request()
    {
        await Grain.StartTicks(interleave: false);
        await Journal.Has(_key, "tick", times: 2);

        await Grain.Work();

        Assert.Empty(DuringWork());
        await Journal.Has(_key, "tick", times: Journal.Count(_key, "tick") + 2);
    }

    [Fact, Trait("Case", "30")]
    public async Task An_interleaving_timer_ticks_during_a_request()
    {
        await Grain.StartTicks(interleave: true);
        await Journal.Has(_key, "tick");

        await Grain.Work();

        Assert.NotEmpty(DuringWork());
    }

    [Fact, Trait("Case", "31")]
    public async Task A_one_shot_timer_ticks_again_when_changed_and_never_after_its_disposal()
    {
        await Grain.StartChain();
        await Journal.Has(_key, "tick 3");

        await Task.Delay(300);

        Assert.Equal(["tick 1", "tick 2", "tick 3", "token cancelled"], Journal.Of(_key));
    }

    [Fact, Trait("Section", "2.7")]
    public async Task A_timer_due_at_once_ticks_after_the_current_request()
    {
        await Grain.StartAtOnce();
        await Journal.Has(_key, "tick");
        Assert.Equal(["request ends", "tick"], Journal.Of(_key));
    }

    private IEnumerable<string> DuringWork() => Journal.Of(_key).SkipWhile(e => e != "work starts").Skip(1).TakeWhile(e => e != "work ends");
}
