using OrleansRecorder.Captures;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Cycles;

/// <summary>Cycles that are over, but not everything of them is in their reports: files on nodes that are away, reports that an archive has not got.</summary>
public sealed class PastCycleTests
{
    [Fact]
    public void An_archive_that_is_away_gets_its_reports_when_it_is_back_and_holds_nothing_up()
    {
        var farm = new SimulatedFarm(streams: 2, total: 20, slots: 2, duration: 8, nodes: 2, pollCycles: 2, interval: 2).Started();
        farm.RunUntil(() => farm.Running == 2 && farm.TaskOf(1).RecordedSeconds > 6);
        farm.Crash(farm.Nodes[1]);
        farm.RunUntil(() => farm.Snapshot().Cycle == 2, atMostSeconds: 25);
        Assert.Equal([("node-1", 1L)], farm.Reported);
        farm.Nodes[1].Start();
        farm.RunUntil(() => farm.Reported.Contains(("node-2", 1)), atMostSeconds: 3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reports_that_an_archive_which_is_away_has_not_got_are_kept_also_when_the_cycle_moves(bool isBackInTheSecondCycleAfter)
    {
        var farm = new SimulatedFarm(streams: 2, total: 20, slots: 2, duration: 8, nodes: 3, pollCycles: 3, interval: 2);
        (farm.Nodes[0].Capacity, farm.ReportsFail) = (0, true);
        farm.Started().RunUntil(() => farm.Snapshot().CycleEndedAt is not null);
        farm.Crash(farm.Nodes[1]);
        farm.RunUntil(() => farm.Snapshot().Cycle == (isBackInTheSecondCycleAfter ? 3 : 2), atMostSeconds: 200);
        Assert.DoesNotContain(farm.Reported, r => r.Cycle == 1);
        farm.ReportsFail = false;
        farm.MoveGrain(farm.Nodes[2]);
        farm.Nodes[1].Start();
        farm.RunUntil(() => !farm.Machine.State.Past.Exists(past => past.Run.Number == 1), atMostSeconds: 35);
        Assert.Equal(["node-2", "node-3"], farm.Reported.Where(r => r.Cycle == 1).Select(r => r.Archive).Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_dead_node_recorded_comes_into_the_reports_of_its_cycle_when_the_node_is_back_in_a_later_one(bool movesMeanwhile)
    {
        var farm = WithAPartOnADeadNode(out var task);
        Assert.Equal([$"camera{task}.part2.mp4"], farm.LastReportOf(1).Tasks[task].Parts.Select(p => p.Filename));
        farm.RunUntil(() => farm.Snapshot().Cycle == 3, atMostSeconds: 60);
        if (movesMeanwhile) farm.MoveGrain();
        farm.Nodes[1].Start();
        farm.RunUntil(() => farm.Machine.State.Past.Count == 0, atMostSeconds: 5);

        var told = farm.LastReportOf(1).Tasks[task];
        Assert.Equal([$"camera{task}.mp4", $"camera{task}.part2.mp4"], told.Parts.Select(p => p.Filename));
        Assert.Equal(told.Parts.Sum(p => p.Duration.TotalSeconds), told.RecordedSeconds, 3);
        Assert.True(told.Parts[1].StartedAt > told.Parts[0].StartedAt + told.Parts[0].Duration);
        Assert.Equal(["node-1", "node-2"], farm.Reported.Where(r => r.Cycle == 1).Select(r => r.Archive).Order());
        Assert.Equal(farm.Snapshot().CycleDirectory, farm.Directories[2]);
    }

    [Fact]
    public void Nobody_waits_longer_than_two_cycles_for_a_node_that_does_not_come_back()
    {
        var farm = WithAPartOnADeadNode(out _);
        farm.RunUntil(() => farm.Snapshot().Cycle == 3, atMostSeconds: 60);
        Assert.Equal(1, Assert.Single(farm.Machine.State.Past).Run.Number);
        Assert.DoesNotContain(farm.Machine.State.Past[0].Run.Tasks, t => t.RtspUrl.Contains("secret", StringComparison.Ordinal));
        farm.RunUntil(() => farm.Snapshot().Cycle == 4, atMostSeconds: 60);
        Assert.Empty(farm.Machine.State.Past);
    }

    [Theory]
    [InlineData(4, new long[] { 1, 2 })]
    [InlineData(3, new long[] { 2 })]
    [InlineData(1, new long[] { 2 })]
    public void So_many_tasks_of_past_cycles_are_kept_and_the_last_cycle_in_any_case(int most, long[] kept)
    {
        var farm = WithAPartOnADeadNode(out _);
        (farm.Options.KeptTasks, farm.ReportsFail) = (most, true);
        farm.RunUntil(() => farm.Snapshot().Cycle == 3, atMostSeconds: 120);
        Assert.Equal(kept, farm.Machine.State.Past.Select(past => past.Run.Number));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_node_recorded_that_died_with_its_cycle_comes_into_the_reports_when_it_is_back(bool movesMeanwhile)
    {
        var farm = new SimulatedFarm(streams: 2, total: 10, slots: 2, duration: 20, nodes: 2, pollCycles: 3, interval: 1).Started();
        farm.RunUntil(() => farm.Snapshot().Tasks.All(t => t.RecordedSeconds >= 9));
        var task = farm.Snapshot().Tasks.Single(t => t.Node == "node-2").TaskId;
        farm.Crash(farm.Nodes[1]);
        farm.RunUntil(() => farm.Snapshot().Cycle == 2 && farm.Machine.State.Lingering.Count == 0, atMostSeconds: 20);
        Assert.Empty(farm.LastReportOf(1).Tasks[task].Parts);
        if (movesMeanwhile) farm.MoveGrain();
        farm.Nodes[1].Start();
        farm.RunUntil(() => farm.HasToldAll, atMostSeconds: 60);

        var told = farm.LastReportOf(1).Tasks[task];
        Assert.Equal((CaptureStatus.RecordingError, CycleTexts.NotEnded), (told.Status, told.Message));
        Assert.Equal($"camera{task}.mp4", Assert.Single(told.Parts).Filename);
        Assert.Equal(told.Parts[0].Duration.TotalSeconds, told.RecordedSeconds, 3);
    }

    [Fact]
    public void A_capture_that_hung_beyond_its_cycle_and_ends_in_the_next_counts_in_its_own()
    {
        var farm = new SimulatedFarm(streams: 1, total: 10, slots: 1, duration: 20, pollCycles: 3, interval: 1).Started();
        farm.RunFor(5);
        farm.StreamOf(0).Hangs = true;
        farm.RunUntil(() => farm.Snapshot().Cycle == 2, atMostSeconds: 20);
        farm.StreamOf(0).Hangs = false;
        farm.RunUntil(() => farm.HasToldAll && farm.LastReportOf(1).Tasks[0].Parts.Length == 1, atMostSeconds: 60);

        var told = farm.LastReportOf(1).Tasks[0];
        Assert.NotEqual(CycleTexts.NotEnded, told.Message);
        Assert.Equal(told.Parts[0].Duration.TotalSeconds, told.RecordedSeconds, 3);
    }

    [Fact]
    public void A_file_that_recovery_finishes_late_comes_into_the_reports_too()
    {
        var farm = WithAPartOnADeadNode(out var task);
        farm.Unrecovered.Add((farm.Directories[0], FileOfTheDeadNode(farm)));
        farm.Nodes[1].Start();
        farm.RunUntil(() => farm.Snapshot().Cycle == 3, atMostSeconds: 60);
        Assert.Single(farm.LastReportOf(1).Tasks[task].Parts);

        farm.Unrecovered.Clear();
        farm.RunUntil(() => farm.LastReportOf(1).Tasks[task].Parts.Length == 2, atMostSeconds: 31);
    }

    [Fact]
    public void What_a_dead_node_said_that_it_had_recorded_does_not_count_when_its_disk_has_nothing_of_it()
    {
        var farm = WithAPartOnADeadNode(out var task);
        farm.StreamOf(task).Files[farm.Directories[0]].RemoveAll(f => f.Filename == FileOfTheDeadNode(farm));
        Assert.InRange(farm.LastReportOf(1).Tasks[task].RecordedSeconds, 7, 9);
        farm.Nodes[1].Start();
        farm.RunUntil(() => farm.HasToldAll, atMostSeconds: 5);
        Assert.Equal(Assert.Single(farm.LastReportOf(1).Tasks[task].Parts).Duration.TotalSeconds, farm.LastReportOf(1).Tasks[task].RecordedSeconds, 3);
    }

    // In the first of several cycles node 2 dies 4 s into a capture of 8; the rest is recorded on node 1, and the cycle is over.
    private static SimulatedFarm WithAPartOnADeadNode(out int task)
    {
        var farm = new SimulatedFarm(streams: 2, total: 60, slots: 2, duration: 8, nodes: 2, pollCycles: 5, interval: 1).Started();
        farm.RunUntil(() => farm.Snapshot().Tasks.All(t => t.RecordedSeconds >= 4));
        task = farm.Snapshot().Tasks.Single(t => t.Node == "node-2").TaskId;
        farm.Crash(farm.Nodes[1]);
        farm.RunUntil(() => farm.Snapshot().CycleEndedAt is not null && farm.Reports.Count == 1, atMostSeconds: 40);
        return farm;
    }

    private static string FileOfTheDeadNode(SimulatedFarm farm) =>
        Enumerable.Range(0, 2).SelectMany(i => farm.StreamOf(i).Archives).Single(file => file.Key.Directory == farm.Directories[0] && file.Value == "node-2").Key.Filename;
}
