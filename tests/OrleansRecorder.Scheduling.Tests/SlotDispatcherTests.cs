namespace OrleansRecorder.Scheduling.Tests;

public sealed class SlotDispatcherTests
{
    [Fact]
    public void At_the_start_as_many_tasks_start_as_there_are_slots()
    {
        var plan = Plan(total: 60, slots: 2, new(0, 15, 1), new(1, 20, 3), new(2, 10, 2));

        Assert.Equal([new TaskStart(1, 20), new TaskStart(2, 10)], Now(plan, 0, waiting: [0, 1, 2]));
    }

    [Fact]
    public void A_slot_that_comes_free_early_is_used_at_once()
    {
        var plan = Plan(total: 60, slots: 1, new(0, 30, 2), new(1, 30, 1));

        Assert.Equal([new TaskStart(1, 30)], Now(plan, 3, waiting: [1]));
    }

    [Fact]
    public void While_a_task_overruns_its_plan_its_slot_is_not_given_away()
    {
        var plan = Plan(total: 60, slots: 1, new(0, 20, 2), new(1, 20, 1));

        Assert.Empty(Now(plan, 25, waiting: [1], active: [0]));
    }

    [Fact]
    public void A_task_that_starts_late_ends_with_the_cycle()
    {
        var plan = Plan(total: 60, slots: 1, new(0, 30, 2), new(1, 30, 1));

        Assert.Equal([new TaskStart(1, 28)], Now(plan, 32, waiting: [1]));
    }

    [Fact]
    public void A_planned_task_may_lose_half_its_minimum_to_delays_but_not_more()
    {
        var plan = Plan(total: 10, slots: 1, new(0, 5, 2), new(1, 5, 1));

        Assert.Equal([new TaskStart(1, 4.5)], Now(plan, 5.5, waiting: [1]));
        Assert.Empty(Now(plan, 7.6, waiting: [1]));
        Assert.Equal([1], SlotDispatcher.TooLate(plan, Progress(7.6, [1])));
    }

    [Fact]
    public void A_stream_without_a_place_takes_a_slot_that_comes_free_early()
    {
        var plan = Plan(total: 10, slots: 1, new(0, 10, 3), new(1, 10, 2), new(2, 10, 1));

        Assert.Equal([new TaskStart(2, 5)], Now(plan, 5, waiting: [2]));
        Assert.Equal([new TaskStart(2, 8)], Now(plan, 2, waiting: [2]));
        Assert.Empty(Now(plan, 5.1, waiting: [2]));
    }

    [Fact]
    public void Streams_without_a_place_share_the_room_that_others_left()
    {
        var plan = Plan(total: 10, slots: 1, new(0, 10, 4), new(1, 10, 3), new(2, 10, 2), new(3, 10, 1));

        Assert.Equal([new TaskStart(2, 5)], Now(plan, 0, waiting: [2, 3]));
    }

    [Fact]
    public void A_task_whose_stream_is_still_busy_is_passed_over_for_now()
    {
        var plan = Plan(total: 60, slots: 2, new(0, 15, 3, Key: "a"), new(1, 20, 2, Key: "a"), new(2, 10, 1, Key: "b"));

        Assert.Equal([new TaskStart(0, 15), new TaskStart(2, 10)], Now(plan, 0, waiting: [0, 1, 2]));
        Assert.Empty(Now(plan, 10, waiting: [1], active: [0]));
        Assert.Equal([new TaskStart(1, 20)], Now(plan, 15, waiting: [1]));
    }

    [Fact]
    public void A_key_that_is_busy_for_another_reason_is_passed_over_too()
    {
        var plan = Plan(total: 60, slots: 1, new(0, 15, 3, Key: "a"), new(1, 20, 2, Key: "b"));

        Assert.Equal([new TaskStart(1, 20)], SlotDispatcher.StartNow(plan, Progress(0, [0, 1]) with { BusyKeys = new HashSet<string> { "a" } }));
    }

    [Fact]
    public void After_the_end_of_the_cycle_nothing_starts_and_all_that_waits_is_too_late()
    {
        var plan = CyclePlanner.Plan([new(0, 5, 1), new(1, 5, 1)], new CycleLimits(60, 1, MinDurationSeconds: 0));

        Assert.Empty(Now(plan, 60, waiting: [0, 1]));
        Assert.Equal([0, 1], SlotDispatcher.TooLate(plan, Progress(60, [0, 1])));
    }

    [Fact]
    public void A_simulated_cycle_with_early_ends_and_late_starts_keeps_the_limits() => Cases.Any.Hold(c =>
    {
        var run = Simulation.Run(c, new Random(c.Streams.Length * 1000 + (int)c.Limits.Cycle), delays: true, failures: true);
        PlanRules.MustKeepTheLimits(run.Spans, c.Limits);
        Assert.Equal(c.Streams.Length, run.Spans.Count + run.Cancelled.Count);
        Assert.All(run.Spans, s => Assert.True(s.To - s.From <= c.Streams[s.Index].DurationSeconds + run.Delays[s.Index] + PlanRules.Tolerance));
    }, times: 1000);

    [Fact]
    public void A_simulated_cycle_in_which_all_goes_well_is_the_plan() => Cases.Any.Hold(c =>
    {
        if (c.Streams.Any(s => s.Key is not null)) return;
        var run = Simulation.Run(c, new Random(1), delays: false, failures: false);
        foreach (var task in c.Plan().Tasks.Where(t => t.HasPlace))
        {
            var span = Assert.Single(run.Spans, s => s.Index == task.Index);
            Assert.True(span.From <= task.OffsetSeconds + PlanRules.Tolerance, $"{task} started at {span.From}");
            Assert.InRange(span.To - span.From, task.PlannedSeconds - PlanRules.Tolerance, task.PlannedSeconds + PlanRules.Tolerance);
        }
    });

    [Fact]
    public void Over_simulated_cycles_with_delays_nobody_starves() => Cases.Any.Hold(c =>
    {
        var random = new Random(7);
        var waited = new int[c.Streams.Length];
        for (var cycle = 0; cycle < 2 * c.Streams.Length; cycle++)
        {
            var next = new Case([.. c.Streams.Select(s => s with { WaitedCycles = waited[s.Index] })], c.Limits with { Cycle = cycle });
            var started = Simulation.Run(next, random, delays: true, failures: false).Spans.Select(s => s.Index).ToHashSet();
            for (var i = 0; i < waited.Length; i++) waited[i] = started.Contains(i) ? 0 : waited[i] + 1;
            Assert.All(waited, w => Assert.True(w < c.Streams.Length, $"not served for {w} cycles"));
        }
    }, times: 100);

    [Fact]
    public void A_task_whose_host_has_all_its_sessions_holds_up_no_other()
    {
        var plan = OnHosts(new SessionLimits(1, new Dictionary<string, int>()), "a:554", "a:554", "b:554");

        Assert.Equal([0, 2], Now(plan, 0, waiting: [0, 1, 2]).Select(s => s.Index));
        Assert.Empty(Now(plan, 5, waiting: [1], active: [0, 2]));
        Assert.Equal([1], SlotDispatcher.HeldBack(plan, Progress(5, [1], [0, 2])));
        Assert.Equal([1], Now(plan, 9, waiting: [1], active: [2]).Select(s => s.Index));
    }

    [Fact]
    public void A_capture_that_is_no_task_any_more_is_a_session_too()
    {
        var plan = OnHosts(new SessionLimits(1, new Dictionary<string, int>()), "a:554", "b:554");

        Assert.Equal([1], SlotDispatcher.StartNow(plan, Progress(0, [0, 1]) with { BusyServers = ["a:554"] }).Select(s => s.Index));
    }

    [Theory]
    [InlineData("a:554", 2)]
    [InlineData("a:8554", 5)]
    [InlineData("b:554", int.MaxValue)]
    [InlineData("c:554", 4)]
    [InlineData(null, int.MaxValue)]
    public void The_limit_of_a_host_and_port_comes_before_that_of_the_host_and_the_general_one(string? server, int limit) =>
        Assert.Equal(limit, new SessionLimits(4, new Dictionary<string, int> { ["a:554"] = 2, ["a"] = 5, ["b"] = 0 }).Of(server));

    private static CyclePlan OnHosts(SessionLimits sessions, params string[] servers)
    {
        var plan = Plan(60, 8, [.. servers.Select((_, i) => new StreamDemand(i, 10, 1))]);
        return plan with { Tasks = [.. plan.Tasks.Select(t => t with { Server = servers[t.Index] })], Limits = plan.Limits with { Sessions = sessions } };
    }

    private static CyclePlan Plan(double total, int slots, params StreamDemand[] streams) => CyclePlanner.Plan(streams, new CycleLimits(total, slots));

    private static IReadOnlyList<TaskStart> Now(CyclePlan plan, double elapsed, int[] waiting, int[]? active = null) => SlotDispatcher.StartNow(plan, Progress(elapsed, waiting, active));

    private static CycleProgress Progress(double elapsed, int[] waiting, int[]? active = null) => new(elapsed, waiting.ToHashSet(), (active ?? []).ToHashSet());
}
