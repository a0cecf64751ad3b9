using OrleansRecorder.Bench.Ingest;

namespace OrleansRecorder.Bench.Tests;

public sealed class BoundsTests
{
    private static readonly Window Everything = new(30, Checks: true, Folder: null, Row.Names.Split(','), [""], Cycles: 1000);

    [Fact]
    public void What_is_asked_for_and_has_no_figure_is_missed()
    {
        var bounds = Bounds.Of([], [], Everything);

        Assert.All(bounds, bound => Assert.False(bound.IsHeld, bound.What));
        Assert.Contains("MISSED: cores, 300 × 4 Mb/s: there is no figure, at most 0.350", bounds.Select(bound => bound.ToString()));
    }

    [Fact]
    public void What_is_not_asked_for_is_not_measured_and_not_missed()
    {
        var bounds = Bounds.Of([Ours(Row.All[1].Load)], [], Everything with { Rows = ["20x1"], Checks = false });

        Assert.All(bounds, bound => Assert.True(bound.IsHeld, bound.What));
        Assert.Contains("not measured: cores, 300 × 4 Mb/s: at most 0.350", bounds.Select(bound => bound.ToString()));
        Assert.Contains("not measured: files that lack a frame, 20 × 1 Mb/s: at most 0.000", bounds.Select(bound => bound.ToString()));
    }

    [Fact]
    public void A_way_that_was_left_out_by_itself_is_missed()
    {
        var bounds = Bounds.Of([Ours(Row.All[0].Load)], [], Everything with { Rows = ["20x4"] });

        Assert.False(Find(bounds, "CPU against the floor, 20 × 4 Mb/s").IsHeld);
        Assert.True(Find(Bounds.Of([Ours(Row.All[0].Load)], [], Everything with { Rows = ["20x4"], Ways = ["ours"] }), "CPU against the floor, 20 × 4 Mb/s").IsHeld);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void Three_hundred_streams_are_on_one_ingest_thread(int threads, bool isHeld)
    {
        var bounds = Bounds.Of([Ours(new Load(300, 4000)) with { IngestThreads = threads }], [], Everything);

        Assert.Equal(isHeld, Find(bounds, "ingest threads, 300 × 4 Mb/s").IsHeld);
    }

    [Fact]
    public void A_file_that_is_not_whole_and_a_capture_that_ended_early_are_missed()
    {
        var load = new Load(20, 1000);
        var figures = Ours(load) with { EndedEarly = 1, Files = new FileCounts(19, 100, default, "0.mp4: is missing") };
        var bounds = Bounds.Of([figures], [], Everything);

        Assert.False(Find(bounds, $"captures that ended early, {load.Name}").IsHeld);
        Assert.False(Find(bounds, $"files that lack a frame, {load.Name}").IsHeld);
    }

    [Fact]
    public void Cycles_are_missed_when_one_failed_or_did_not_come()
    {
        Holdings[] looks = [.. new[] { 250, 500, 750, 1000 }.Select(cycles => new Holdings(cycles, 50, 34, 20, 90, 1))];
        bool IsHeld(IEnumerable<Holdings> churn) => Find(Bounds.Of([], [.. churn], Everything), "cycles that failed").IsHeld;

        Assert.True(IsHeld(looks));
        Assert.False(IsHeld(looks[..3]));
        Assert.False(IsHeld([.. looks[..3], looks[3] with { Failed = 1 }]));
    }

    [Theory]
    [InlineData(36, true)]
    [InlineData(36.1, false)]
    public void Memory_may_grow_by_two_megabytes_from_the_first_look_to_the_last(double last, bool isHeld)
    {
        List<Holdings> looks = [new(250, 50, 34, 20, 90, 1), new(500, 60, 44, 20, 90, 1), new(1000, 50, last, 20, 90, 1)];

        Assert.Equal(isHeld, Find(Bounds.Of([], looks, Everything), "MB more after the cycles").IsHeld);
    }

    [Fact]
    public void With_a_single_look_there_is_nothing_to_compare()
    {
        List<Holdings> look = [new(250, 50, 34, 20, 90, 1)];

        Assert.True(Find(Bounds.Of([], look, Everything with { Cycles = 250 }), "threads more after the cycles").IsHeld);
        Assert.False(Find(Bounds.Of([], look, Everything), "threads more after the cycles").IsHeld);
    }

    [Fact]
    public void A_row_or_a_way_that_is_not_there_is_a_problem()
    {
        Assert.Null(Everything.Problem);
        Assert.Equal("there is no row '20x5'", (Everything with { Rows = ["20x4", "20x5"] }).Problem);
        Assert.Equal("there is no way 'our own'", (Everything with { Ways = ["our own"] }).Problem);
    }

    private static Bound Find(List<Bound> bounds, string what) => bounds.Single(bound => bound.What == what);

    private static Figures Ours(Load load) => new() { Load = load, Way = Way.Ours.Name, Cores = 0.01, SourceCores = 0.1, Megabytes = 80, AnonymousMegabytes = 40, Threads = 13 };
}
