namespace OrleansRecorder.Scheduling.Tests;

public sealed class CyclePlannerTests
{
    [Fact]
    public void Two_streams_and_two_slots_both_start_at_once_and_get_their_whole_durations()
    {
        var plan = Plan(total: 60, slots: 2, new StreamDemand(0, 15, 1.0), new StreamDemand(1, 20, 1.5));

        Assert.True(plan.Fits);
        Assert.Equal([(1, 0, 20), (0, 0, 15)], Starts(plan));
    }

    [Fact]
    public void In_one_slot_the_heavier_stream_comes_first()
    {
        var plan = Plan(total: 60, slots: 1, new StreamDemand(0, 15, 1.0), new StreamDemand(1, 20, 1.5));

        Assert.Equal([(1, 0, 20), (0, 20, 15)], Starts(plan));
    }

    [Fact]
    public void Streams_of_equal_weight_start_in_configuration_order()
    {
        var plan = Plan(total: 60, slots: 1, new StreamDemand(2, 10, 1), new StreamDemand(0, 10, 1), new StreamDemand(1, 10, 1));

        Assert.Equal([(0, 0, 10), (1, 10, 10), (2, 20, 10)], Starts(plan));
    }

    [Fact]
    public void A_slot_that_comes_free_takes_the_next_stream()
    {
        var plan = Plan(total: 60, slots: 2, new StreamDemand(0, 30, 3), new StreamDemand(1, 10, 2), new StreamDemand(2, 20, 1), new StreamDemand(3, 5, 1));

        Assert.Equal([(0, 0, 30), (1, 0, 10), (2, 10, 20), (3, 30, 5)], Starts(plan));
    }

    [Fact]
    public void A_stream_that_waited_comes_before_a_heavier_one()
    {
        var plan = Plan(total: 60, slots: 1, new StreamDemand(0, 20, 9), new StreamDemand(1, 20, 1, WaitedCycles: 1), new StreamDemand(2, 20, 1, WaitedCycles: 2));

        Assert.Equal([2, 1, 0], plan.Tasks.Select(t => t.Index));
    }

    [Fact]
    public void When_weight_order_overflows_a_better_order_serves_everyone()
    {
        // In weight order the two short ones take a slot each, and the long one ends at 70.
        var plan = Plan(total: 60, slots: 2, new StreamDemand(0, 30, 3), new StreamDemand(1, 30, 2), new StreamDemand(2, 60, 1));

        Assert.True(plan.Fits);
        Assert.Equal([(0, 0, 30), (2, 0, 60), (1, 30, 30)], Starts(plan));
    }

    [Fact]
    public void When_longest_first_overflows_too_a_search_finds_the_placement()
    {
        // 30+30 and 20+20+20 fill two slots of 60 exactly; longest first ends at 70.
        var plan = Plan(total: 60, slots: 2, [.. new double[] { 30, 30, 20, 20, 20 }.Select((d, i) => new StreamDemand(i, d, 1))]);

        Assert.True(plan.Fits);
    }

    [Fact]
    public void When_it_does_not_fit_time_is_shared_by_weight()
    {
        var plan = Plan(total: 60, slots: 1, new StreamDemand(0, 60, 1), new StreamDemand(1, 60, 2), new StreamDemand(2, 60, 3));

        Assert.False(plan.Fits);
        Assert.Equal([(2, 0, 30), (1, 30, 20), (0, 50, 10)], Starts(plan));
    }

    [Fact]
    public void What_a_stream_does_not_ask_for_goes_to_the_others()
    {
        var plan = Plan(total: 60, slots: 1, new StreamDemand(0, 10, 5), new StreamDemand(1, 60, 1), new StreamDemand(2, 60, 1));

        Assert.Equal([(0, 0, 10), (1, 10, 25), (2, 35, 25)], Starts(plan));
    }

    [Fact]
    public void A_light_stream_is_not_shortened_below_the_minimum()
    {
        var plan = Plan(total: 60, slots: 1, new StreamDemand(0, 60, 100), new StreamDemand(1, 60, 1));

        Assert.Equal([(0, 0, 55), (1, 55, 5)], Starts(plan));
    }

    [Fact]
    public void A_stream_that_asks_for_less_than_the_minimum_keeps_its_ask()
    {
        var plan = Plan(total: 60, slots: 1, new StreamDemand(0, 60, 100), new StreamDemand(1, 2, 1));

        Assert.Equal([(0, 0, 58), (1, 58, 2)], Starts(plan));
    }

    [Fact]
    public void Streams_whose_minimum_has_no_room_wait_the_lightest_first()
    {
        var plan = Plan(total: 10, slots: 1, new StreamDemand(0, 10, 1), new StreamDemand(1, 10, 2), new StreamDemand(2, 10, 3));

        Assert.Equal([(2, 0, 5), (1, 5, 5)], Starts(plan));
        Assert.Equal(new PlannedTask(0, null, 10, 0, null), plan.Tasks[^1]);
    }

    [Fact]
    public void Whoever_has_a_place_by_its_minimum_keeps_it_when_the_shares_are_dealt()
    {
        // The minimums fill both slots, 5+5 and 4+4+2; dealt by share, largest first, the last would find 1 s of room.
        var plan = Plan(total: 10, slots: 2, new StreamDemand(0, 10, 5), new StreamDemand(1, 10, 4), new StreamDemand(2, 4, 3), new StreamDemand(3, 4, 2), new StreamDemand(4, 2, 1));

        Assert.Equal([(0, 0, 5), (2, 0, 4), (3, 4, 4), (1, 5, 5), (4, 8, 2)], Starts(plan));
    }

    [Fact]
    public void A_share_that_comes_out_even_is_not_a_millisecond_short()
    {
        for (var count = 2; count < 100; count++)
        {
            StreamDemand[] streams = [.. Enumerable.Range(0, count).Select(i => new StreamDemand(i, 3600, (1 + i % 7) / 3.7))];
            var total = 10.0 * streams.Sum(s => 1 + s.Index % 7);
            Assert.All(Plan(total, slots: 1, streams).Tasks, t => Assert.Equal(10.0 * (1 + t.Index % 7), t.PlannedSeconds));
        }
    }

    [Fact]
    public void A_stream_that_asks_for_more_than_the_cycle_gets_the_cycle()
    {
        var plan = Plan(total: 60, slots: 2, new StreamDemand(0, 100, 1), new StreamDemand(1, 20, 1));

        Assert.False(plan.Fits);
        Assert.Equal([(0, 0, 60), (1, 0, 20)], Starts(plan));
    }

    [Fact]
    public void Of_equal_streams_the_cycle_number_decides_who_has_a_slot_for_itself()
    {
        StreamDemand[] three = [new(0, 60, 1), new(1, 60, 1), new(2, 60, 1)];
        var seconds = new double[3];
        for (var cycle = 0; cycle < 3; cycle++)
        {
            var plan = CyclePlanner.Plan(three, new CycleLimits(60, 2, Cycle: cycle));
            Assert.Equal([30, 30, 60], plan.Tasks.Select(t => t.PlannedSeconds).Order());
            foreach (var task in plan.Tasks) seconds[task.Index] += task.PlannedSeconds;
        }

        Assert.Equal([120, 120, 120], seconds);
    }

    [Fact]
    public void Two_streams_of_one_camera_follow_each_other()
    {
        var plan = Plan(total: 60, slots: 2, new StreamDemand(0, 15, 1, Key: "rtsp://a"), new StreamDemand(1, 20, 1, Key: "rtsp://a"), new StreamDemand(2, 10, 1, Key: "rtsp://b"));

        Assert.True(plan.Fits);
        Assert.Equal([(0, 0, 15), (2, 0, 10), (1, 15, 20)], Starts(plan));
    }

    [Fact]
    public void Two_streams_of_one_camera_share_the_cycle_when_together_they_ask_for_more()
    {
        var plan = Plan(total: 60, slots: 2, new StreamDemand(0, 60, 1, Key: "rtsp://a"), new StreamDemand(1, 60, 2, Key: "rtsp://a"));

        Assert.Equal([(1, 0, 40), (0, 40, 20)], Starts(plan));
    }

    [Fact]
    public void A_cycle_without_streams_has_an_empty_plan() => Assert.Empty(Plan(total: 60, slots: 2).Tasks);

    [Fact]
    public void Nobody_starves_however_few_places_there_are_and_whatever_the_weights()
    {
        // 3 places for 20 streams: who is not served waits for at most six cycles more.
        var waited = new int[20];
        for (var cycle = 1; cycle <= 50; cycle++)
        {
            StreamDemand[] streams = [.. waited.Select((w, i) => new StreamDemand(i, 60, i + 1, w))];
            foreach (var task in CyclePlanner.Plan(streams, new CycleLimits(15, 1, Cycle: cycle)).Tasks)
            {
                waited[task.Index] = task.HasPlace ? 0 : waited[task.Index] + 1;
            }

            Assert.All(waited, w => Assert.InRange(w, 0, 6));
        }
    }

    [Fact]
    public void A_thousand_streams_are_planned_in_well_under_a_second_also_when_they_almost_fit()
    {
        var random = new Random(1);
        StreamDemand[] streams = [.. Enumerable.Range(0, 1000).Select(i => new StreamDemand(i, 1 + random.Next(30_000) / 1000.0, 1 + random.Next(5)))];
        var total = Math.Ceiling(streams.Sum(s => s.DurationSeconds) / 100 * 1000) / 1000;
        var started = System.Diagnostics.Stopwatch.StartNew();
        foreach (var slack in new[] { 1.0, 1.001, 1.01, 0.99, 0.5 }) CyclePlanner.Plan(streams, new CycleLimits(total * slack, 100));

        Assert.InRange(started.Elapsed.TotalSeconds, 0, 5);
    }

    [Fact]
    public void Without_a_minimum_a_place_still_has_some_time()
    {
        var plan = CyclePlanner.Plan([new(0, 60, 1), new(1, 60, 1_000_000)], new CycleLimits(0.01, 1, MinDurationSeconds: 0));

        Assert.Equal([(1, 0, 0.009), (0, 0.009, 0.001)], Starts(plan));
    }

    [Fact]
    public void Weights_that_are_worlds_apart_still_make_a_plan()
    {
        var plan = Plan(total: 60, slots: 1, new StreamDemand(0, 60, double.Epsilon), new StreamDemand(1, 60, 1), new StreamDemand(2, 60, double.MaxValue));

        Assert.Equal([(2, 0, 50), (1, 50, 5), (0, 55, 5)], Starts(plan));
    }

    [Theory]
    [InlineData(0, 2, 5)]
    [InlineData(double.NaN, 2, 5)]
    [InlineData(60, 0, 5)]
    [InlineData(60, 2, -1)]
    public void Limits_out_of_range_are_refused(double total, int slots, double minimum) =>
        Assert.Throws<ArgumentException>(() => CyclePlanner.Plan([new StreamDemand(0, 1, 1)], new CycleLimits(total, slots, minimum)));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(1, 0)]
    [InlineData(1, double.NaN)]
    public void Demands_out_of_range_are_refused(double duration, double weight) =>
        Assert.Throws<ArgumentException>(() => CyclePlanner.Plan([new StreamDemand(0, duration, weight)], new CycleLimits(60, 2)));

    private static CyclePlan Plan(double total, int slots, params StreamDemand[] streams) => CyclePlanner.Plan(streams, new CycleLimits(total, slots));

    private static IEnumerable<(int Index, double Offset, double Seconds)> Starts(CyclePlan plan) =>
        plan.Tasks.Where(t => t.HasPlace).Select(t => (t.Index, t.OffsetSeconds!.Value, t.PlannedSeconds));
}
