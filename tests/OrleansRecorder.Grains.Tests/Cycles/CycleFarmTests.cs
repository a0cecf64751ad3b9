using OrleansRecorder.Captures;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Cycles;

/// <summary>A farm of several nodes. What the nodes really run, under their leases, never breaks the limit, and no stream is recorded twice at once: the farm checks both at every step.</summary>
public sealed class CycleFarmTests
{
    [Fact]
    public void Captures_are_spread_over_the_nodes_within_one_of_even()
    {
        var farm = new SimulatedFarm(streams: 10, total: 60, slots: 10, duration: 20, nodes: 3).Started();
        farm.RunFor(1);
        Assert.Equal([3, 3, 4], farm.Nodes.Select(farm.RunningOn).Order());
        farm.RunUntil(() => farm.Machine.IsAtRest);
        Assert.All(farm.Snapshot().Tasks, t => Assert.Equal((CaptureStatus.Completed, 1), (t.Status, t.Attempt)));
    }

    [Fact]
    public void More_room_means_more_captures_and_none_goes_beyond_a_nodes_capacity()
    {
        var farm = new SimulatedFarm(streams: 9, total: 60, slots: 9, duration: 20, nodes: 2);
        (farm.Nodes[0].Capacity, farm.Nodes[1].Capacity) = (2, 4);
        farm.Started().RunFor(1);
        Assert.Equal([2, 4], farm.Nodes.Select(farm.RunningOn));
        Assert.Equal(3, farm.Snapshot().Tasks.Count(t => t.Status == CaptureStatus.Waiting));
        farm.RunUntil(() => farm.Machine.IsAtRest);
        Assert.Equal(9, farm.Snapshot().Statistics.Completed);
    }

    [Fact]
    public void Who_finds_no_room_on_any_node_until_the_cycle_ends_is_told_so()
    {
        var farm = new SimulatedFarm(streams: 2, total: 12, slots: 2, duration: 10);
        farm.Nodes[0].Capacity = 1;
        farm.Started().RunUntil(() => farm.Machine.IsAtRest);
        Assert.Equal((CaptureStatus.Cancelled, CaptureCause.NoPlace, CycleTexts.NoRoom), (farm.TaskOf(1).Status, farm.TaskOf(1).Cause!.Value, farm.TaskOf(1).Message));
    }

    [Fact]
    public void A_node_that_drains_gets_nothing_new_and_hands_over_what_it_ends()
    {
        var farm = new SimulatedFarm(streams: 4, total: 60, slots: 4, duration: 20, nodes: 2).Started();
        farm.RunFor(4);
        farm.Drain(farm.Nodes[1]);
        farm.RunFor(2);
        Assert.Equal([4, 0], farm.Nodes.Select(farm.RunningOn));
        Assert.Equal(NodeCondition.Draining, farm.Machine.Nodes()[1].Condition);
        farm.RunUntil(() => farm.Machine.IsAtRest);
        Assert.All(farm.Snapshot().Tasks, t => Assert.Equal(20, t.RecordedSeconds, 3));
    }

    [Fact]
    public void Without_a_node_the_scheduler_waits_and_begins_when_there_is_one()
    {
        var farm = new SimulatedFarm(streams: 1, total: 20, slots: 1, duration: 5, nodes: 2);
        farm.Nodes[0].Capacity = farm.Nodes[1].Capacity = 0;
        farm.Started().RunFor(3);
        Assert.Equal(CaptureStatus.Waiting, farm.TaskOf(0).Status);
        farm.Nodes[1].Capacity = 1;
        farm.RunUntil(() => farm.TaskOf(0).Node == "node-2", atMostSeconds: 2);
    }

    [Fact]
    public void Captures_of_a_node_that_dies_go_on_elsewhere_within_fifteen_seconds_for_what_is_left_and_its_files_are_found_when_it_is_back()
    {
        var farm = new SimulatedFarm(streams: 2, total: 120, slots: 2, duration: 40, nodes: 2).Started();
        farm.RunFor(10);
        farm.Crash(farm.Nodes[1]);
        var task = farm.Snapshot().Tasks.Single(t => t.Node == "node-2").TaskId;

        farm.RunUntil(() => farm.TaskOf(task) is { Attempt: 2, Status: CaptureStatus.Recording }, atMostSeconds: 10);
        Assert.Equal("node-1", farm.TaskOf(task).Node);
        Assert.Equal(2, farm.Orders[^1].FirstPart);
        Assert.InRange(farm.Orders[^1].Duration.TotalSeconds, 29, 31);
        Assert.Contains("node node-2 was lost", Assert.Single(farm.TaskOf(task).Warnings, w => w.English.Contains("lost", StringComparison.Ordinal)).English, StringComparison.Ordinal);

        farm.Nodes[1].Start();
        farm.RunFor(3);
        Assert.Equal($"camera{task}.mp4", Assert.Single(farm.TaskOf(task).Parts).Filename);
        farm.RunUntil(() => farm.Machine.IsAtRest);

        Assert.Equal(2, farm.TaskOf(task).Parts.Length);
        Assert.Equal(farm.TaskOf(task).Parts.Sum(p => p.Duration.TotalSeconds), farm.TaskOf(task).RecordedSeconds, 3);
        Assert.InRange(farm.TaskOf(task).RecordedSeconds, 39, 41);
        Assert.Equal(["node-1", "node-2"], farm.Reported.Select(r => r.Archive).Order());
    }

    [Fact]
    public void A_file_that_a_dead_node_had_announced_keeps_its_name_even_when_the_cycle_died_with_it()
    {
        var farm = new SimulatedFarm(streams: 1, total: 120, slots: 1, duration: 60, nodes: 3).Started();
        farm.RunFor(10);
        var node = farm.Nodes.Single(n => n.Name == farm.TaskOf(0).Node);
        farm.Machine.Progressed(node.Report([new CaptureProgress { Identity = farm.Orders[0].Identity, Status = CaptureStatus.Connecting, PartsBegun = 3 }]));
        farm.RunFor(1);
        farm.Crash(node);
        if (farm.Host != node) farm.Crash(farm.Host);

        farm.RunUntil(() => farm.Orders[^1].Identity.Attempt > 1, atMostSeconds: 15);
        Assert.Equal(4, farm.Orders[^1].FirstPart);
    }

    [Fact]
    public void On_a_shared_archive_what_a_dead_node_left_is_found_at_once()
    {
        var farm = new SimulatedFarm(streams: 2, total: 120, slots: 2, duration: 40, nodes: 2, sharedArchive: "volume").Started();
        farm.RunFor(10);
        farm.Crash(farm.Nodes[1]);
        farm.RunUntil(() => farm.Orders.Count == 3, atMostSeconds: 10);
        Assert.Equal((2, "node-1"), (farm.Orders[^1].FirstPart, farm.Orders[^1].Node));
        farm.RunUntil(() => farm.Machine.IsAtRest);
        Assert.Equal([("volume", 1L)], farm.Reported);
    }

    [Fact]
    public void The_death_of_the_node_that_has_the_cycle_costs_less_than_fifteen_seconds()
    {
        var farm = new SimulatedFarm(streams: 3, total: 120, slots: 3, duration: 60, nodes: 3).Started();
        farm.RunFor(10);
        farm.Crash(farm.Host);
        farm.RunUntil(() => farm.Running == 3 && farm.Nodes.Skip(1).Sum(farm.RunningOn) == 3, atMostSeconds: 14.5);
        farm.RunUntil(() => farm.Machine.IsAtRest);
        Assert.Equal(3, farm.Snapshot().Statistics.Completed);
    }

    [Fact]
    public void A_node_that_is_cut_off_stops_by_itself_before_others_take_over_and_its_late_results_count_for_nothing()
    {
        var farm = new SimulatedFarm(streams: 4, total: 120, slots: 4, duration: 40, nodes: 2).Started();
        farm.RunFor(10);
        farm.Nodes[1].IsCutOff = true;
        farm.RunUntil(() => farm.RunningOn(farm.Nodes[0]) == 4, atMostSeconds: 10);
        farm.Nodes[1].IsCutOff = false;
        farm.RunUntil(() => farm.Machine.IsAtRest);

        Assert.All(farm.Snapshot().Tasks, t => Assert.Equal(t.Parts.Sum(p => p.Duration.TotalSeconds), t.RecordedSeconds, 3));
        Assert.Equal(4, farm.Snapshot().Statistics.Completed);
    }

    [Fact]
    public void When_the_cycles_own_node_is_cut_off_it_stops_renewing_itself_and_the_others_go_on()
    {
        var farm = new SimulatedFarm(streams: 6, total: 120, slots: 6, duration: 60, nodes: 3).Started();
        farm.RunFor(10);
        var old = farm.Host;
        (old.IsCutOff, old.IsWithoutStorage) = (true, true);
        farm.RunUntil(() => farm.Host != old && farm.Running == 6 && farm.RunningOn(old) == 0, atMostSeconds: 15);
        (old.IsCutOff, old.IsWithoutStorage) = (false, false);
        farm.RunUntil(() => farm.Machine.IsAtRest);
        Assert.Equal(6, farm.Snapshot().Statistics.Completed);
    }

    [Fact]
    public void A_node_that_stood_still_and_wakes_up_has_no_lease_any_more()
    {
        var farm = new SimulatedFarm(streams: 4, total: 120, slots: 4, duration: 60, nodes: 2).Started();
        farm.RunFor(10);
        farm.Nodes[1].IsFrozen = true;
        farm.RunFor(30);
        Assert.Equal(4, farm.RunningOn(farm.Nodes[0]));
        farm.Nodes[1].IsFrozen = false;
        farm.RunUntil(() => farm.Machine.IsAtRest);
        Assert.Equal(4, farm.Snapshot().Statistics.Completed);
    }

    [Fact]
    public void While_the_storage_is_away_captures_go_on_and_end_and_nothing_new_begins_until_it_is_back()
    {
        var farm = new SimulatedFarm(streams: 4, total: 200, slots: 2, duration: 30, nodes: 2).Started();
        farm.RunFor(10);
        farm.IsStorageAway = true;
        farm.RunFor(60);
        Assert.Equal(0, farm.Running);
        Assert.Equal(2, farm.Orders.Count);
        Assert.Equal(2, farm.Snapshot().Statistics.Completed);

        farm.IsStorageAway = false;
        farm.RunUntil(() => farm.Orders.Count == 4, atMostSeconds: 2);
        farm.RunUntil(() => farm.Machine.IsAtRest);
        Assert.All(farm.Snapshot().Tasks, t => Assert.Equal((CaptureStatus.Completed, 1), (t.Status, t.Attempt)));
    }

    [Fact]
    public void A_start_or_stop_that_cannot_be_written_does_not_happen()
    {
        var farm = new SimulatedFarm(streams: 1, total: 60, slots: 1, duration: 20) { IsStorageAway = true };
        Assert.True(farm.Machine.Want(CycleWish.Start));
        farm.RunFor(2);
        Assert.False(farm.Machine.IsRunning);
        farm.Machine.Unwant();
        farm.IsStorageAway = false;
        farm.RunFor(2);
        Assert.False(farm.Machine.IsRunning);

        farm.Machine.Want(CycleWish.Start);
        farm.RunUntil(() => farm.Running == 1, atMostSeconds: 3);
        farm.IsStorageAway = true;
        farm.Machine.Want(CycleWish.Stop);
        farm.RunFor(2);
        Assert.Equal(1, farm.Running);
    }

    [Fact]
    public void A_start_that_was_written_happens_also_after_a_crash()
    {
        var farm = new SimulatedFarm(streams: 1, total: 60, slots: 1, duration: 20);
        farm.Machine.Want(CycleWish.Start);
        farm.CrashAfterSave = _ => true;
        farm.Round();
        farm.CrashAfterSave = _ => false;
        farm.Restart();
        farm.RunUntil(() => farm.Running == 1, atMostSeconds: 3);
    }

    [Fact]
    public void A_dead_node_is_remembered_until_it_is_forgotten_and_one_that_is_there_cannot_be()
    {
        var farm = new SimulatedFarm(streams: 1, total: 60, slots: 1, duration: 5, nodes: 2).Started();
        farm.RunUntil(() => farm.Machine.IsAtRest);
        farm.Crash(farm.Nodes[1]);
        farm.RunFor(10);
        Assert.Equal([NodeCondition.Active, NodeCondition.Dead], farm.Machine.Nodes().Select(n => n.Condition));
        farm.MoveGrain();
        farm.RunFor(10);
        Assert.Equal(["node-1", "node-2"], farm.Machine.Nodes().Select(n => n.Name));

        Assert.False(farm.Machine.Forget("node-1"));
        Assert.True(farm.Machine.Forget("node-2"));
        Assert.False(farm.Machine.Forget("node-2"));
        Assert.Equal("node-1", Assert.Single(farm.Machine.Nodes()).Name);
    }

    [Fact]
    public void Reports_of_nodes_cause_no_write()
    {
        var farm = new SimulatedFarm(streams: 1, total: 60, slots: 1, duration: 5, nodes: 3).Started();
        farm.RunUntil(() => farm.Machine.IsAtRest);
        farm.RunFor(2);
        var saved = farm.Machine.State.SavedAt;
        farm.RunFor(10);
        Assert.Equal(saved, farm.Machine.State.SavedAt);
    }

    [Fact]
    public void A_host_gets_no_more_sessions_than_its_limit_and_holds_up_no_other()
    {
        var farm = new SimulatedFarm(streams: 6, total: 200, slots: 6, duration: 10);
        farm.Settings = farm.Settings with { MaxSessionsPerHost = 2 };
        for (var i = 4; i < 6; i++) farm.Streams[i] = farm.Streams[i] with { Stream = $"rtsp://other/{i}" };
        farm.Started().RunFor(1);
        Assert.Equal([true, true, false, false, true, true], Enumerable.Range(0, 6).Select(i => farm.StreamOf(i).Running is not null));
        farm.RunUntil(() => farm.Machine.IsAtRest);
        Assert.Equal(6, farm.Snapshot().Statistics.Completed);
    }

    [Fact]
    public void Who_waits_for_its_host_until_the_cycle_ends_is_told_so_and_comes_first_in_the_next()
    {
        var farm = new SimulatedFarm(streams: 2, total: 12, slots: 2, duration: 10, pollCycles: 2);
        farm.Settings = farm.Settings with { MaxSessionsPerHost = 1 };
        farm.Started().RunUntil(() => farm.Reports.Count == 1);
        Assert.Equal((CaptureCause.NoPlace, CycleTexts.HostIsBusy), (farm.TaskOf(1).Cause!.Value, farm.TaskOf(1).Message));
        farm.RunUntil(() => farm.Snapshot().Cycle == 2 && farm.Running == 1);
        Assert.NotNull(farm.StreamOf(1).Running);
    }

    /// <summary>Nodes that die, freeze and are cut off, activations that move and live on behind a wall, a storage that goes away, drains, slow mail.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Whatever_happens_to_nodes_the_limits_hold_and_every_task_ends_once(int seed)
    {
        for (var round = 0; round < 25; round++) Simulate(new Random((seed * 1000) + round));
    }

    [Fact]
    public void A_cycle_that_does_not_wait_for_leases_would_be_found_out() => Assert.ThrowsAny<Xunit.Sdk.XunitException>(() =>
    {
        for (var round = 0; round < 50; round++) Simulate(new Random(round), margin: -6);
    });

    private static void Simulate(Random random, double margin = 1)
    {
        const int Cycles = 3;
        var streams = random.Next(1, 12);
        var farm = new SimulatedFarm(streams, random.Next(30, 90), random.Next(1, 8), random.Next(5, 40), Cycles, random.Next(0, 4), nodes: random.Next(2, 5), random.Next(3) == 0 ? "volume" : null)
        {
            Delay = () => TimeSpan.FromMilliseconds(random.Next(0, 1500)),
        };
        farm.Options.LeaseMargin = TimeSpan.FromSeconds(margin);
        foreach (var node in farm.Nodes) node.Capacity = random.Next(2) == 0 ? int.MaxValue : random.Next(1, 5);
        farm.Started();
        for (var step = 0; !farm.Machine.IsAtRest; step++)
        {
            Assert.True(step < 20_000, "the scheduler never comes to rest");
            farm.StepOnce();
            Disturb(farm, farm.Nodes[random.Next(farm.Nodes.Length)], random, mayBreak: step < 3000);
            if (random.NextDouble() < (farm.IsStorageAway ? 0.02 : 0.001)) farm.IsStorageAway = !farm.IsStorageAway && step < 3000;
        }

        // When everything is back, and nothing has been given up, all is told.
        foreach (var node in farm.Nodes) Heal(node);
        farm.IsStorageAway = false;
        farm.RunUntil(() => farm.HasToldAll, atMostSeconds: 120);
        farm.MustHaveReportedAllFiles();

        var reported = farm.Reports.GroupBy(r => r.Cycle.Cycle).Select(g => g.Last().Cycle).ToArray();
        Assert.True(farm.Snapshot().Cycle == Cycles);
        foreach (var cycle in reported)
        {
            Assert.Equal(streams, cycle.Tasks.Length);
            Assert.All(cycle.Tasks, t => Assert.True(t.Status.IsTerminal() && t.EndedAt >= cycle.CycleStartedAt));
            Assert.All(cycle.Tasks, t => Assert.Equal(t.Parts.Length, t.Parts.DistinctBy(p => p.Filename).Count()));
        }
    }

    private static void Disturb(SimulatedFarm farm, SimulatedNode node, Random random, bool mayBreak)
    {
        var isWell = node is { Works: true, IsCutOff: false, IsWithoutStorage: false, IsDraining: false };
        if (isWell && mayBreak && random.NextDouble() < 0.01)
        {
            switch (random.Next(6))
            {
                case 0: farm.Crash(node); break;
                case 1: node.IsFrozen = true; break;
                case 2: node.IsCutOff = true; break;
                case 3: (node.IsCutOff, node.IsWithoutStorage) = (true, true); break;
                case 4: node.IsWithoutStorage = true; break;
                default: farm.Drain(node); break;
            }
        }
        else if (!isWell && (!mayBreak || random.NextDouble() < 0.03))
        {
            Heal(node);
        }
    }

    private static void Heal(SimulatedNode node)
    {
        if (node.IsDown) node.Start();
        (node.IsFrozen, node.IsCutOff, node.IsWithoutStorage, node.IsDraining) = (false, false, false, false);
    }
}
