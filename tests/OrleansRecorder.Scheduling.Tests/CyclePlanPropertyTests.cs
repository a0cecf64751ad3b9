namespace OrleansRecorder.Scheduling.Tests;

public sealed class CyclePlanPropertyTests
{
    [Fact]
    public void Never_more_than_the_limit_at_once_and_nothing_past_the_end() => Cases.Any.Hold(c => PlanRules.MustKeepTheLimits(c.Plan().Spans(), c.Limits), times: 1000);

    [Fact]
    public void Every_stream_is_in_the_plan_once() =>
        Cases.Any.Hold(c => Assert.Equal(Enumerable.Range(0, c.Streams.Length), c.Plan().Tasks.Select(t => t.Index).Order()));

    [Fact]
    public void The_same_demands_give_the_same_plan_in_whatever_order_they_are_listed() => Cases.Any.Hold(c =>
    {
        var plan = c.Plan().Tasks.ToArray();
        Assert.Equal(plan, c.Plan().Tasks.ToArray());
        Assert.Equal(plan, (c with { Streams = [.. c.Streams.Reverse()] }).Plan().Tasks.ToArray());
    });

    [Fact]
    public void Everyone_is_served_whole_whenever_there_is_a_way_to_place_them_all() => Cases.Small.Hold(c =>
    {
        var possible = BruteForce.Fits([.. c.Streams.Select(s => s.DurationSeconds)], c.Limits.MaxConcurrent, c.Limits.TotalSeconds);
        Assert.Equal(possible, c.Plan().Fits);
    }, times: 2000);

    [Fact]
    public void Everyone_is_served_whole_also_when_the_cycle_is_full_to_the_last_second() => Cases.Full.Hold(c => Assert.True(c.Plan().Fits), times: 2000);

    [Fact]
    public void Nobody_gets_more_than_asked_and_who_has_a_place_gets_the_minimum_or_the_ask() => Cases.Any.Hold(c =>
    {
        foreach (var task in c.Plan().Tasks)
        {
            Assert.True(task.PlannedSeconds <= task.AskedSeconds + PlanRules.Tolerance, $"{task} has more than asked");
            var least = Math.Min(Math.Min(c.Limits.MinDurationSeconds, task.AskedSeconds), c.Limits.TotalSeconds);
            Assert.True(!task.HasPlace || task.PlannedSeconds >= least - PlanRules.Tolerance, $"{task} has less than {least}");
        }
    }, times: 1000);

    [Fact]
    public void Without_a_place_a_stream_is_planned_for_no_time() =>
        Cases.Any.Hold(c => Assert.All(c.Plan().Tasks, t => Assert.Equal(t.HasPlace, t.PlannedSeconds > 0)));

    [Fact]
    public void A_stream_goes_without_a_place_only_when_its_minimum_has_no_room_left() => Cases.Any.Hold(c =>
    {
        if (c.Streams.Any(s => s.Key is not null)) return;
        var minimum = Math.Min(c.Limits.MinDurationSeconds, c.Limits.TotalSeconds);
        var places = minimum == 0 ? int.MaxValue : c.Limits.MaxConcurrent * (int)Math.Floor(c.Limits.TotalSeconds / minimum + 1e-9);
        Assert.True(c.Plan().Tasks.Count(t => t.HasPlace) >= Math.Min(c.Streams.Length, places));
    });

    [Fact]
    public void When_it_does_not_fit_no_slot_is_idle_while_a_stream_is_short() => Cases.Greedy.Hold(c =>
    {
        var plan = c.Plan();
        if (plan.Fits) return;
        var planned = plan.Tasks.Sum(t => t.PlannedSeconds);
        Assert.InRange(planned, c.Limits.MaxConcurrent * c.Limits.TotalSeconds - c.Streams.Length * 0.002, c.Limits.MaxConcurrent * c.Limits.TotalSeconds + PlanRules.Tolerance);
    });

    [Fact]
    public void In_one_slot_time_is_shared_in_exact_proportion_to_weight() => Cases.Greedy.Hold(c =>
    {
        var one = c with { Limits = c.Limits with { MaxConcurrent = 1 } };
        var weights = one.Streams.ToDictionary(s => s.Index, s => s.Weight);
        Assert.All(one.Plan().Tasks, t => Assert.InRange(t.PlannedSeconds, Fair(t) - 0.002, Fair(t) + 0.002));

        double Fair(PlannedTask task) => one.Limits.TotalSeconds * weights[task.Index] / weights.Values.Sum();
    });

    [Fact]
    public void In_many_slots_everyone_has_its_share_by_weight_as_far_as_whole_captures_can_be_placed() => Cases.Greedy.Hold(c =>
    {
        var fair = FairShares(c);
        var whole = c.Limits.TotalSeconds / (c.Limits.TotalSeconds + fair.Values.Max());
        Assert.All(c.Plan().Tasks, t => Assert.True(t.PlannedSeconds >= fair[t.Index] * whole - 0.002, $"{t} of {fair[t.Index]}"));
    }, times: 1000);

    [Fact]
    public void With_many_streams_a_slot_shares_stay_within_a_tenth_of_their_weight()
    {
        var random = new Random(1);
        var streams = Enumerable.Range(0, 400).Select(i => new StreamDemand(i, 600, 1 + random.NextDouble())).ToArray();
        var c = new Case(streams, new CycleLimits(600, 20, MinDurationSeconds: 5));
        var fair = FairShares(c);
        Assert.All(c.Plan().Tasks, t => Assert.InRange(t.PlannedSeconds, fair[t.Index] * 0.9, fair[t.Index] * 1.1));
    }

    // What each would get if a capture could be cut into pieces: time by weight, none more than the whole cycle.
    private static Dictionary<int, double> FairShares(Case c)
    {
        var shares = new Dictionary<int, double>();
        var open = c.Streams.OrderByDescending(s => s.Weight).ToList();
        var left = c.Limits.MaxConcurrent * c.Limits.TotalSeconds;
        while (open.Count > 0)
        {
            var heaviest = open[0];
            shares[heaviest.Index] = Math.Min(c.Limits.TotalSeconds, left * heaviest.Weight / open.Sum(s => s.Weight));
            left -= shares[heaviest.Index];
            open.RemoveAt(0);
        }

        return shares;
    }
}
