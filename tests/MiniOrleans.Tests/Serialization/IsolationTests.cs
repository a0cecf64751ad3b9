namespace MiniOrleans.Tests.Serialization;

[Collection(nameof(TwoSilos))]
public sealed class IsolationTests(TwoSilos silos)
{
    private readonly string _key = Unique.Key("echo");

    private IEchoGrain Grain => silos.Client.GetGrain<IEchoGrain>(_key);

    [Fact, Trait("Case", "10")]
    public async Task An_argument_that_the_callee_changes_stays_as_it_was_for_the_caller()
    {
        foreach (var caller in silos.Callers)
        {
            var mutable = new Mutable { Text = "mine", Items = ["one"] };

            await caller.GetGrain<IEchoGrain>(_key).Scribble(mutable);

            Assert.Equal("mine", mutable.Text);
            Assert.Equal(["one"], mutable.Items);
        }
    }

    [Fact, Trait("Case", "10")]
    public async Task An_argument_between_two_grains_is_isolated_too() =>
        Assert.Equal("mine", await Grain.LendTo(silos.Client.GetGrain<IEchoGrain>(Unique.Key("echo"))));

    [Fact, Trait("Case", "10")]
    public async Task An_argument_is_taken_as_it_is_at_the_call_whatever_happens_to_it_later()
    {
        foreach (var caller in silos.Callers)
        {
            var everything = new Everything { Numbers = [1] };
            var call = caller.GetGrain<IEchoGrain>(_key).Echo(everything);
            everything.Numbers.Add(2);

            Assert.Equal([1], (await call).Numbers);
        }
    }

    [Fact, Trait("Case", "11")]
    public async Task A_result_that_the_caller_changes_stays_as_it_was_for_the_grain()
    {
        await Grain.Add("one");
        foreach (var caller in silos.Callers)
        {
            var grain = caller.GetGrain<IEchoGrain>(_key);

            (await grain.Items()).Add("two");

            Assert.Equal(["one"], await grain.Items());
        }
    }

    [Fact, Trait("Case", "12")]
    public async Task An_immutable_message_arrives_equal_locally_and_remotely()
    {
        var frozen = new Frozen("ice", [1, 2, 3]) { Note = "cold" };
        foreach (var caller in silos.Callers)
        {
            var back = await caller.GetGrain<IEchoGrain>(_key).EchoFrozen(frozen);
            Assert.Equal(frozen.Name, back.Name);
            Assert.Equal(frozen.Note, back.Note);
            Assert.Equal<int>(frozen.Values, back.Values);
        }
    }

    [Fact, Trait("Section", "2.3")]
    public async Task One_object_twice_in_a_message_stays_one_object()
    {
        var shared = new Mutable();
        Assert.True(await Grain.AreSame(new Link { Left = shared, Right = shared }));
        Assert.False(await Grain.AreSame(new Link { Left = shared, Right = new Mutable() }));
    }
}
