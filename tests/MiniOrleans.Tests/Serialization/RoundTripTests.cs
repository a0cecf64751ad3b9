using System.Text.Json;
using Orleans.Serialization;

namespace MiniOrleans.Tests.Serialization;

[Collection(nameof(TwoSilos))]
public sealed class RoundTripTests(TwoSilos silos)
{
    private readonly IEchoGrain _grain = silos.Client.GetGrain<IEchoGrain>(Unique.Key("echo"));

    [Fact, Trait("Case", "13")]
    public async Task A_message_of_everything_comes_back_equal_in_depth()
    {
        var sent = Full();
        sent.Inner = Full();

        var back = await _grain.Echo(sent);

        Assert.NotSame(sent, back);
        Assert.Equal(AsText(sent), AsText(back));
        Assert.Equal(sent.Pair, back.Pair);
        Assert.Equal(DateTimeKind.Utc, back.Utc.Kind);
        Assert.True(back.Flag);
        Assert.Null(back.Missing);
        Assert.Null(back.NoNumber);
        Assert.Null(back.Inner!.Inner);
    }

    [Fact, Trait("Case", "13")]
    public async Task An_empty_message_comes_back_empty() => Assert.Equal(AsText(new Everything()), AsText(await _grain.Echo(new Everything())));

    [Fact, Trait("Case", "13")]
    public async Task A_derived_type_arrives_as_itself_with_the_members_of_its_base()
    {
        Assert.Equal(new Circle(1.5) { Name = "round" }, await _grain.EchoShape(new Circle(1.5) { Name = "round" }));
        Assert.Equal(new Square { Name = "even", Side = 4 }, await _grain.EchoShape(new Square { Name = "even", Side = 4 }));
        Assert.Null(await _grain.EchoShape(null));
    }

    [Fact, Trait("Section", "2.3")]
    public async Task Members_that_are_not_marked_stay_behind() => Assert.Null((await _grain.Echo(new Everything { Unmarked = "here" })).Unmarked);

    [Fact, Trait("Section", "2.3")]
    public async Task An_argument_without_a_serializer_is_refused_at_the_call_even_inside_one_process()
    {
        foreach (var caller in silos.Callers)
        {
            await Assert.ThrowsAsync<CodecNotFoundException>(() => caller.GetGrain<IEchoGrain>(_grain.GetPrimaryKeyString()).EchoShape(new SecretShape()));
        }
    }

    [Fact, Trait("Section", "1.11")]
    public async Task Value_tasks_default_arguments_and_overloads_work()
    {
        await _grain.Nothing();
        Assert.Equal(7, await _grain.Add(2));
        Assert.Equal(5, await _grain.Add(2, 3));
    }

    [Fact, Trait("Section", "2.3")]
    public async Task A_grain_reference_travels_and_still_works()
    {
        var me = await _grain.Me();
        Assert.Equal(_grain.GetGrainId(), me.GetGrainId());
        Assert.Equal(9, await me.Add(4, 5));
    }

    private static string AsText(Everything everything) => JsonSerializer.Serialize(everything);

    private static Everything Full()
    {
        var full = new Everything
        {
            Number = int.MinValue,
            Text = "grüße 镜头 \"quoted\"",
            Colour = Colour.Green,
            MaybeColour = Colour.Red,
            SomeNumber = long.MaxValue,
            Bytes = [0, 1, 255],
            Point = new Point(3, double.Pi),
            ByName = new() { ["a"] = new Point(1, 2), ["b"] = new Point(3, -4.5) },
            Numbers = [3, 1, 2],
            Words = ["", "x", "words"],
            Points = [new Point(1, 1)],
            Counts = System.Collections.Immutable.ImmutableDictionary<string, int>.Empty.Add("one", 1),
            Set = ["only"],
            Moment = new DateTimeOffset(2026, 2, 3, 4, 5, 6, 789, TimeSpan.FromHours(8)),
            Utc = new DateTime(2026, 2, 3, 4, 5, 6, DateTimeKind.Utc).AddTicks(1),
            Duration = TimeSpan.FromTicks(12345678901),
            Id = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"),
            Shapes = [new Circle(2) { Name = "c" }, new Square { Side = 3 }],
            Pair = (5, "five"),
            Price = 12.340m,
            Address = new Uri("rtsp://camera.example:554/live?x=1"),
            Nested = new() { [1] = ["a", "b"], [2] = [] },
        };
        full.Raise();
        return full;
    }
}
