using OrleansRecorder.Captures;

namespace OrleansRecorder.Cycles;

public sealed class CycleRestartTests
{
    [Fact]
    public void After_a_crash_the_same_cycle_goes_on_in_new_part_files_with_what_is_left()
    {
        var farm = new SimulatedFarm(streams: 2, total: 120, slots: 2, duration: 20).Started();
        farm.RunFor(8);
        var before = farm.Snapshot();
        farm.Crash();
        farm.RunFor(10);
        farm.Restart();
        farm.RunUntil(() => farm.Machine.IsAtRest);

        var after = Assert.Single(farm.Reports).Cycle;
        Assert.Equal((before.Cycle, before.CycleDirectory, before.CycleStartedAt), (after.Cycle, after.CycleDirectory, after.CycleStartedAt));
        Assert.Single(farm.Directories);
        Assert.All(after.Tasks, task =>
        {
            Assert.Equal((CaptureStatus.Completed, 2), (task.Status, task.Attempt));
            Assert.Equal([$"camera{task.TaskId}.mp4", $"camera{task.TaskId}.part2.mp4"], task.Parts.Select(p => p.Filename));
            Assert.Equal(20, task.RecordedSeconds, 3);
            Assert.Single(task.Warnings);
        });
        Assert.Equal([20.0, 12.0], farm.Orders.Where(o => o.Identity.TaskId == 0).Select(o => o.Duration.TotalSeconds));
    }

    [Fact]
    public void Every_order_says_how_the_stream_is_taken_in_as_configured_when_the_cycle_began()
    {
        var farm = new SimulatedFarm(streams: 2, total: 120, slots: 2, duration: 20);
        var stream = farm.Streams[1];
        farm.Streams[1] = stream with { Ingest = IngestPath.FFmpeg, AcceptsAnyCertificate = true };
        farm.Started().RunFor(8);
        farm.Streams[1] = stream;
        farm.Crash();
        farm.Restart();
        farm.RunUntil(() => farm.Machine.IsAtRest);

        (IngestPath, bool)[] OrdersOf(int task) => [.. farm.Orders.Where(o => o.Identity.TaskId == task).Select(o => (o.Ingest, o.AcceptsAnyCertificate))];
        Assert.Equal([(IngestPath.Auto, false), (IngestPath.Auto, false)], OrdersOf(0));
        Assert.Equal([(IngestPath.FFmpeg, true), (IngestPath.FFmpeg, true)], OrdersOf(1));
    }

    [Fact]
    public void The_report_of_an_interrupted_cycle_says_from_when_to_when()
    {
        var farm = new SimulatedFarm(streams: 2, total: 120, slots: 2, duration: 20).Started();
        farm.RunFor(8);
        farm.Crash();
        farm.RunFor(10);
        farm.Restart();
        farm.RunUntil(() => farm.Machine.IsAtRest);

        var note = Assert.Single(Assert.Single(farm.Reports).Notes);
        Assert.Equal("the recorder was interrupted from 2026-01-01 00:00:08 to 2026-01-01 00:00:18 on node node-1; the cycle went on after it", note.English);
        Assert.Contains("2026-01-01 00:00:08", note.Chinese, StringComparison.Ordinal);
    }

    [Fact]
    public void A_restart_after_the_end_of_the_cycle_closes_it_and_goes_on_with_the_next()
    {
        var farm = new SimulatedFarm(streams: 2, total: 30, slots: 1, duration: 15, pollCycles: 2).Started();
        farm.RunFor(6);
        farm.Crash();
        farm.RunFor(60);
        farm.Restart();
        farm.RunUntil(() => farm.Reports.Count == 1, atMostSeconds: 10);

        var (first, second) = (farm.Reports[0].Cycle.Tasks[0], farm.Reports[0].Cycle.Tasks[1]);
        Assert.Equal((CaptureStatus.RecordingError, CaptureCause.Interrupted, 6.0), (first.Status, first.Cause!.Value, first.RecordedSeconds));
        Assert.Equal("camera0.mp4", Assert.Single(first.Parts).Filename);
        Assert.Equal((CaptureStatus.Cancelled, CaptureCause.CycleEnded), (second.Status, second.Cause!.Value));
        Assert.Single(farm.Reports[0].Notes);
        farm.RunUntil(() => farm.Snapshot().Cycle == 2, atMostSeconds: 5);
    }

    [Fact]
    public void A_capture_that_had_almost_all_its_time_is_completed_not_begun_again()
    {
        var farm = new SimulatedFarm(streams: 1, total: 60, slots: 1, duration: 10).Started();
        farm.RunFor(9.5);
        farm.Crash();
        farm.RunFor(2);
        farm.Restart();
        farm.RunUntil(() => farm.Machine.IsAtRest);

        Assert.Equal((CaptureStatus.Completed, 1), (farm.TaskOf(0).Status, farm.TaskOf(0).Attempt));
    }

    [Fact]
    public void A_capture_with_too_little_time_left_in_the_cycle_ends_as_interrupted_and_keeps_its_file()
    {
        var farm = new SimulatedFarm(streams: 1, total: 22, slots: 1, duration: 20).Started();
        farm.RunFor(8);
        farm.Crash();
        farm.RunFor(11);
        farm.Restart();
        farm.RunUntil(() => farm.Machine.IsAtRest);

        Assert.Equal((CaptureStatus.RecordingError, CaptureCause.Interrupted, 1), (farm.TaskOf(0).Status, farm.TaskOf(0).Cause!.Value, farm.TaskOf(0).Attempt));
        Assert.Single(farm.TaskOf(0).Parts);
    }

    [Fact]
    public void A_shutdown_in_the_middle_is_an_interruption_that_the_next_start_goes_on_from()
    {
        var farm = new SimulatedFarm(streams: 1, total: 60, slots: 1, duration: 20).Started();
        farm.RunFor(5);
        var task = farm.Machine.State.Run!.Tasks[0];
        farm.Machine.CaptureEnded(farm.StreamOf(0).Finish(CaptureCause.Interrupted, CaptureStatus.RecordingError, farm.Time.GetUtcNow()));
        Assert.Equal(TaskStage.Waiting, task.Stage);

        farm.RunUntil(() => farm.Machine.IsAtRest);

        Assert.Equal((CaptureStatus.Completed, 2, 20.0), (farm.TaskOf(0).Status, farm.TaskOf(0).Attempt, farm.TaskOf(0).RecordedSeconds));
    }

    [Fact]
    public void An_interrupted_task_keeps_its_slot_while_its_node_drains()
    {
        var farm = new SimulatedFarm(streams: 2, total: 60, slots: 1, duration: 10).Started();
        farm.RunFor(5);
        farm.StreamOf(0).Drains = true;
        farm.Machine.CaptureEnded(farm.StreamOf(0).Finish(CaptureCause.Interrupted, CaptureStatus.RecordingError, farm.Time.GetUtcNow()));
        farm.RunFor(4);
        Assert.Null(farm.TaskOf(1).StartedAt);

        farm.StreamOf(0).Drains = false;
        farm.RunUntil(() => farm.TaskOf(0).Status == CaptureStatus.Completed, atMostSeconds: 8);
        farm.RunUntil(() => farm.TaskOf(1).Status == CaptureStatus.Completed, atMostSeconds: 12);
    }

    [Fact]
    public void A_task_whose_first_order_was_put_off_is_as_if_never_begun()
    {
        var farm = new SimulatedFarm(streams: 2, total: 12, slots: 1, duration: 6);
        farm.StreamOf(0).Drains = true;
        farm.Started().RunUntil(() => farm.TaskOf(1).Status == CaptureStatus.Recording, atMostSeconds: 2);

        Assert.Equal((CaptureStatus.Waiting, null), (farm.TaskOf(0).Status, farm.TaskOf(0).StartedAt));
        farm.RunUntil(() => farm.Machine.IsAtRest);
        Assert.Equal(CaptureCause.CycleEnded, farm.TaskOf(0).Cause);
    }

    [Fact]
    public void A_grain_that_moves_finds_its_captures_and_disturbs_none()
    {
        var farm = new SimulatedFarm(streams: 3, total: 60, slots: 3, duration: 20).Started();
        farm.RunFor(5);
        farm.MoveGrain();
        farm.RunUntil(() => farm.Machine.IsAtRest);

        Assert.All(farm.Snapshot().Tasks, t => Assert.Equal((CaptureStatus.Completed, 1), (t.Status, t.Attempt)));
        Assert.Empty(Assert.Single(farm.Reports).Notes);
    }

    [Fact]
    public void A_capture_that_vanishes_while_the_grain_lives_is_found_missing_and_begun_again()
    {
        var farm = new SimulatedFarm(streams: 1, total: 60, slots: 1, duration: 20).Started();
        farm.RunFor(5);
        farm.StreamOf(0).Crash(farm.Time.GetUtcNow());

        farm.RunUntil(() => farm.TaskOf(0).Attempt == 2, atMostSeconds: 7);
    }

    [Fact]
    public void A_stopped_scheduler_stays_stopped_after_a_restart()
    {
        var farm = new SimulatedFarm(streams: 1, total: 60, slots: 1, duration: 20).Started();
        farm.RunFor(2);
        farm.Machine.Stop();
        farm.RunUntil(() => farm.Machine.IsAtRest);
        farm.Crash();
        farm.Restart();
        farm.RunFor(5);

        Assert.False(farm.Snapshot().IsRunning);
        Assert.Equal(0, farm.Running);
    }

    [Fact]
    public void A_crash_in_the_middle_of_a_stop_ends_stopped()
    {
        var farm = new SimulatedFarm(streams: 1, total: 60, slots: 1, duration: 20).Started();
        farm.RunFor(4);
        farm.Machine.Stop();
        farm.CrashAfterSave = _ => true;
        farm.Round();
        farm.CrashAfterSave = _ => false;
        farm.Restart();
        farm.RunUntil(() => farm.Machine.IsAtRest, atMostSeconds: 5);

        Assert.Single(farm.TaskOf(0).Parts);
        Assert.Single(farm.Reports);
    }

    [Fact]
    public void Versions_of_snapshots_grow_over_a_restart()
    {
        var farm = new SimulatedFarm(streams: 1, total: 60, slots: 1, duration: 20).Started();
        farm.RunFor(2);
        var before = farm.Snapshot().Version;
        farm.Crash();
        farm.Restart();
        Assert.True(farm.Snapshot().Version > before);
    }

    /// <summary>Crashes at every place between two instructions of the owner, processes and grains that go, slow mail, streams that fail.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Whatever_crashes_no_cycle_is_skipped_and_every_task_ends_once(int seed)
    {
        for (var round = 0; round < 25; round++) Simulate(new Random((seed * 1000) + round));
    }

    private static void Simulate(Random random)
    {
        const int Cycles = 3;
        var streams = random.Next(1, 9);
        var farm = new SimulatedFarm(streams, random.Next(15, 60), random.Next(1, 5), random.Next(2, 25), Cycles, random.Next(0, 4))
        {
            Delay = () => TimeSpan.FromMilliseconds(random.Next(0, 1500)),
        };
        for (var i = 0; i < streams; i++) MisbehaveAtRandom(farm.StreamOf(i), random);
        farm.CrashAfterSave = _ => random.NextDouble() < 0.02;
        while (!farm.Machine.IsRunning)
        {
            farm.Machine.Start();
            farm.Round();
            if (farm.IsDown) farm.Restart();
        }

        for (var step = 0; !farm.Machine.IsAtRest || farm.IsDown; step++)
        {
            Assert.True(step < 20_000, "the scheduler never comes to rest");
            farm.StepOnce();
            if (farm.IsDown && random.NextDouble() < 0.1) farm.Restart();
            else if (!farm.IsDown && random.NextDouble() < 0.005) farm.Crash();
            else if (!farm.IsDown && random.NextDouble() < 0.005) farm.MoveGrain();
            HangAtRandom(farm.StreamOf(random.Next(streams)), random);
            if (step > 2000) farm.CrashAfterSave = _ => false;
        }

        farm.CrashAfterSave = _ => false;
        farm.RunUntil(() => farm.HasToldAll, atMostSeconds: 60);
        var reported = farm.Reports.GroupBy(r => r.Cycle.Cycle).Select(g => g.Last().Cycle).ToArray();
        Assert.Equal(Enumerable.Range(1, Cycles).Select(n => (long)n), reported.Select(c => c.Cycle));
        foreach (var cycle in reported)
        {
            Assert.Equal(streams, cycle.Tasks.Length);
            Assert.All(cycle.Tasks, t => Assert.True(t.Status.IsTerminal() && t.EndedAt >= cycle.CycleStartedAt));
            Assert.All(cycle.Tasks, t => Assert.Equal(t.Parts.Length, t.Parts.DistinctBy(p => p.Filename).Count()));
            Assert.Single(farm.Reports.Where(r => r.Cycle.Cycle == cycle.Cycle).Select(r => r.Cycle.CycleDirectory).Distinct());
        }

        farm.MustHaveReportedAllFiles();
    }

    private static void HangAtRandom(SimulatedStream stream, Random random)
    {
        if (stream.Hangs) stream.Hangs = random.NextDouble() > 0.05;
        else stream.Hangs = random.NextDouble() < 0.01;
    }

    private static void MisbehaveAtRandom(SimulatedStream stream, Random random)
    {
        stream.ConnectsAfter = TimeSpan.FromMilliseconds(random.Next(0, 3000));
        if (random.Next(4) != 0) return;
        stream.Failure = random.Next(2) == 0 ? CaptureCause.Refused : CaptureCause.Stalled;
        stream.FailsAfter = TimeSpan.FromSeconds(random.Next(0, 8));
    }
}
