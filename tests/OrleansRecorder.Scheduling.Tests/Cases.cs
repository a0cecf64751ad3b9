using FsCheck;
using FsCheck.Fluent;

namespace OrleansRecorder.Scheduling.Tests;

/// <summary>A cycle to plan.</summary>
public sealed record Case(StreamDemand[] Streams, CycleLimits Limits)
{
    public CyclePlan Plan() => CyclePlanner.Plan(Streams, Limits);

    public override string ToString() => $"{Limits}\n{string.Join('\n', (object[])Streams)}";
}

/// <summary>Cycles made up by chance; a failing one is shrunk by leaving streams out.</summary>
internal static class Cases
{
    private static readonly Gen<double> Weights = Gen.OneOf(Gen.Constant(1.0), Gen.Choose(1, 50).Select(w => w / 10.0));

    /// <summary>All kinds: too much, too little, odd numbers, many slots, streams of one key.</summary>
    public static Arbitrary<Case> Any { get; } = Of(40, Gen.OneOf(Gen.Choose(1, 90).Select(s => (double)s), Gen.Choose(1, 100_000).Select(ms => ms / 1000.0)), withKeys: true);

    /// <summary>Few streams of whole seconds, small enough to try every placement.</summary>
    public static Arbitrary<Case> Small { get; } = Of(8, Gen.Choose(1, 12).Select(s => (double)s), withKeys: false, longestCycle: 20);

    /// <summary>Cycles that are full to the last second: some slots, cut into pieces.</summary>
    public static Arbitrary<Case> Full { get; } = Arb.From(
        from total in Gen.Choose(4, 60)
        from slots in Gen.Choose(1, 5)
        from cuts in Gen.Choose(1, total - 1).ArrayOf(3).ArrayOf(slots)
        from pieces in Gen.Shuffle(cuts.SelectMany(c => Pieces(c, total)).ToArray())
        select new Case(Numbered(pieces.Select(p => new StreamDemand(0, p, 1))), new CycleLimits(total, slots, MinDurationSeconds: 1)));

    /// <summary>Streams that all want the whole cycle, and no minimum: only the weights decide.</summary>
    public static Arbitrary<Case> Greedy { get; } = Any.Convert(
        c => new Case([.. c.Streams.Select(s => s with { DurationSeconds = c.Limits.TotalSeconds, Key = null })], c.Limits with { MinDurationSeconds = 0 }), c => c);

    /// <summary>Checks a property on many cases; fails with the smallest case that breaks it.</summary>
    public static void Hold(this Arbitrary<Case> cases, Action<Case> property, int times = 300) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(times).WithQuietOnSuccess(true), Prop.ForAll(cases, property));

    private static Arbitrary<Case> Of(int mostStreams, Gen<double> durations, bool withKeys, int longestCycle = 120)
    {
        var keys = withKeys ? Gen.Choose(0, 30).Select(k => k < 25 ? null : $"camera {k}") : Gen.Constant<string?>(null);
        var stream = from duration in durations
                     from weight in Weights
                     from waited in Gen.Choose(0, 2)
                     from key in keys
                     select new StreamDemand(0, duration, weight, waited, key);
        var cycle = from total in Gen.OneOf(Gen.Choose(1, longestCycle).Select(s => (double)s), Gen.Choose(1000, longestCycle * 1000).Select(ms => ms / 1000.0))
                    from slots in Gen.Choose(1, Math.Min(12, mostStreams))
                    from minimum in Gen.Elements(0.0, 1, 5, 7.5)
                    from number in Gen.Choose(0, 100)
                    from count in Gen.Choose(1, mostStreams)
                    from streams in stream.ArrayOf(count)
                    select new Case(Numbered(streams), new CycleLimits(total, slots, minimum, number));
        return Arb.From(cycle, Smaller);
    }

    private static IEnumerable<Case> Smaller(Case whole) => whole.Streams.Length == 1
        ? []
        : Enumerable.Range(0, whole.Streams.Length).Select(left => whole with { Streams = Numbered(whole.Streams.Where((_, at) => at != left)) });

    private static IEnumerable<double> Pieces(int[] cuts, int total)
    {
        int[] ends = [0, .. cuts.Distinct().Order(), total];
        return ends.Skip(1).Zip(ends, (to, from) => (double)(to - from));
    }

    private static StreamDemand[] Numbered(IEnumerable<StreamDemand> streams) => [.. streams.Select((s, index) => s with { Index = index })];
}
