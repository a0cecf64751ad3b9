namespace MiniOrleans.Tests.Turns;

[Collection(nameof(TwoSilos))]
public sealed class TurnTests(TwoSilos silos)
{
    private readonly string _key = Unique.Key("turn");

    private ITurnGrain Grain => silos.Client.GetGrain<ITurnGrain>(_key);

    [Fact, Trait("Case", "3")]
    public async Task A_second_call_starts_only_after_the_first_has_ended()
    {
        var first = Grain.Hold("first", _key);
        await Journal.Has(_key, "first starts");
        var second = Grain.Hold("second", _key);
        await Task.Delay(200);
        Gate.Open(_key);
        await Task.WhenAll(first, second);

        Assert.Equal(["first starts", "first ends", "second starts", "second ends"], Journal.Of(_key));
    }

    [Fact, Trait("Case", "4")]
    public async Task An_always_interleaving_call_is_answered_while_another_runs()
    {
        var running = Grain.Hold("slow", _key);
        await Journal.Has(_key, "slow starts");

        Assert.Equal("here", await Grain.Interleave());

        Assert.Equal(["slow starts"], Journal.Of(_key));
        Gate.Open(_key);
        await running;
    }

    [Fact, Trait("Case", "5")]
    public async Task Read_only_calls_overlap_with_each_other()
    {
        var first = Grain.HoldReadOnly("first", _key);
        var second = Grain.HoldReadOnly("second", _key);

        await Journal.Has(_key, "first starts");
        await Journal.Has(_key, "second starts");

        Gate.Open(_key);
        await Task.WhenAll(first, second);
    }

    [Fact, Trait("Case", "5")]
    public async Task A_read_only_call_never_overlaps_with_a_normal_one()
    {
        var normal = Grain.Hold("normal", _key);
        await Journal.Has(_key, "normal starts");
        var reading = Grain.HoldReadOnly("reading", _key);
        await Task.Delay(200);
        Gate.Open(_key);
        await Task.WhenAll(normal, reading);

        Assert.Equal(["normal starts", "normal ends", "reading starts", "reading ends"], Journal.Of(_key));
    }

    [Fact, Trait("Case", "5")]
    public async Task A_normal_call_never_overlaps_with_a_read_only_one()
    {
        var reading = Grain.HoldReadOnly("reading", _key);
        await Journal.Has(_key, "reading starts");
        var normal = Grain.Hold("normal", _key);
        await Task.Delay(200);
        Gate.Open(_key);
        await Task.WhenAll(normal, reading);

        Assert.Equal(["reading starts", "reading ends", "normal starts", "normal ends"], Journal.Of(_key));
    }

    [Fact, Trait("Case", "9")]
    public async Task A_grain_is_back_on_its_scheduler_after_leaving_it() => Assert.True(await Grain.ComesBackAfterTaskRun());
}
