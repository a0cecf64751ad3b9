using OrleansRecorder.Captures;

namespace OrleansRecorder.Cycles;

public sealed class CycleMachineTests
{
    [Fact]
    public void A_cycle_that_fits_records_every_stream_whole_and_reports_once()
    {
        var farm = new SimulatedFarm(streams: 4, total: 30, slots: 2, duration: 10).Started();

        farm.RunUntil(() => farm.Machine.IsAtRest);

        Assert.All(farm.Snapshot().Tasks, t => Assert.Equal((CaptureStatus.Completed, 10.0, 1), (t.Status, t.RecordedSeconds, t.Attempt)));
        Assert.Equal(new CycleStatistics { Total = 4, Completed = 4, MaxConcurrentUsed = 2 }, farm.Snapshot().Statistics);
        var report = Assert.Single(farm.Reports);
        Assert.Equal((1L, 4, false), (report.Cycle.Cycle, report.Cycle.Statistics.Completed, report.Cycle.IsRunning));
        Assert.Empty(report.Notes);
    }

    [Fact]
    public void A_slot_that_comes_free_early_is_used_at_once()
    {
        var farm = new SimulatedFarm(streams: 2, total: 60, slots: 1, duration: 20);
        farm.StreamOf(0).Failure = CaptureCause.Authentication;
        farm.StreamOf(0).FailsAfter = TimeSpan.FromSeconds(2);
        farm.Started();

        farm.RunUntil(() => farm.TaskOf(1).StartedAt is not null);

        Assert.Equal(20, farm.TaskOf(1).PlannedOffsetSeconds);
        Assert.InRange((farm.TaskOf(1).StartedAt - farm.Snapshot().CycleStartedAt)!.Value.TotalSeconds, 2, 3);
        Assert.Equal((CaptureStatus.ConnectionError, CaptureCause.Authentication), (farm.TaskOf(0).Status, farm.TaskOf(0).Cause!.Value));
    }

    [Fact]
    public void Who_finds_no_place_is_cancelled_with_the_reason_and_comes_first_in_the_next_cycle()
    {
        var farm = new SimulatedFarm(streams: 3, total: 10, slots: 1, duration: 10, pollCycles: 2).Started();
        farm.RunUntil(() => farm.Reports.Count == 1);

        var without = Assert.Single(farm.Reports[0].Cycle.Tasks, t => t.Cause == CaptureCause.NoPlace);
        Assert.Equal(CaptureStatus.Cancelled, without.Status);
        Assert.NotEmpty(without.Message.Chinese);

        farm.RunUntil(() => farm.Snapshot().Cycle == 2);
        Assert.Equal(0, farm.TaskOf(without.TaskId).PlannedOffsetSeconds);
    }

    [Fact]
    public void Two_streams_of_one_address_never_record_at_once()
    {
        var farm = new SimulatedFarm(streams: 2, total: 60, slots: 2, duration: 10);
        farm.Streams[1] = farm.Streams[0] with { OutputFilename = "second.mp4" };
        farm.Started();

        farm.RunUntil(() => farm.Machine.IsAtRest);

        Assert.Equal(1, farm.Snapshot().Statistics.MaxConcurrentUsed);
        Assert.Equal(2, farm.Snapshot().Statistics.Completed);
    }

    [Fact]
    public void The_next_cycle_starts_the_interval_after_the_end_until_all_are_done()
    {
        var farm = new SimulatedFarm(streams: 1, total: 20, slots: 1, duration: 5, pollCycles: 3, interval: 7).Started();
        farm.RunUntil(() => farm.Snapshot().Cycle == 1 && farm.Snapshot().CycleEndedAt is not null);
        var ended = farm.Snapshot().CycleEndedAt!.Value;
        Assert.Equal(ended.AddSeconds(7), farm.Snapshot().NextCycleAt);

        farm.RunUntil(() => farm.Snapshot().Cycle == 2);
        Assert.InRange((farm.Snapshot().CycleStartedAt!.Value - ended).TotalSeconds, 7, 7.5);

        farm.RunUntil(() => farm.Machine.IsAtRest);
        Assert.Equal([1L, 2, 3], farm.Reports.Select(r => r.Cycle.Cycle));
        Assert.Equal(farm.Snapshot().CycleEndedAt, farm.Snapshot().EndedAt);
    }

    [Fact]
    public void With_poll_cycles_minus_one_it_goes_on()
    {
        var farm = new SimulatedFarm(streams: 1, total: 5, slots: 1, duration: 5, pollCycles: -1, interval: 0).Started();
        farm.RunUntil(() => farm.Snapshot().Cycle == 20);
        Assert.True(farm.Snapshot().IsRunning);
    }

    [Fact]
    public void A_change_of_the_configuration_takes_effect_with_the_next_cycle()
    {
        var farm = new SimulatedFarm(streams: 2, total: 10, slots: 1, duration: 5, pollCycles: -1).Started();
        farm.Settings = farm.Settings with { MaxConcurrentStreams = 2, PollCycles = 2 };
        farm.Streams = [farm.Streams[0]];

        Assert.Equal((2, 1), (farm.Snapshot().Tasks.Length, farm.Machine.State.Run!.Settings.MaxConcurrentStreams));
        farm.RunUntil(() => farm.Snapshot().Cycle == 2);
        Assert.Single(farm.Snapshot().Tasks);
        farm.RunUntil(() => farm.Machine.IsAtRest);
        Assert.Equal(2, farm.Reports.Count);
    }

    [Fact]
    public void Starting_twice_and_stopping_twice_say_no()
    {
        var farm = new SimulatedFarm(streams: 1, total: 10, slots: 1, duration: 5).Started();
        Assert.False(farm.Machine.Start());
        Assert.True(farm.Machine.Stop());
        farm.RunUntil(() => !farm.Machine.IsRunning, atMostSeconds: 3);
        Assert.False(farm.Machine.Stop());
        Assert.True(farm.Machine.Start());
    }

    [Fact]
    public void A_stop_keeps_what_was_recorded_and_writes_the_reports()
    {
        var farm = new SimulatedFarm(streams: 3, total: 60, slots: 2, duration: 20).Started();
        farm.RunFor(4);
        farm.Machine.Stop();
        farm.RunUntil(() => farm.Machine.IsAtRest, atMostSeconds: 3);

        var report = Assert.Single(farm.Reports);
        Assert.All(report.Cycle.Tasks, t => Assert.Equal((CaptureStatus.Cancelled, CaptureCause.Stopped), (t.Status, t.Cause!.Value)));
        Assert.Equal([1, 1, 0], report.Cycle.Tasks.Select(t => t.Parts.Length));
        Assert.Contains("stopped the scheduler", Assert.Single(report.Notes).English, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stop_ends_within_three_seconds_even_if_a_capture_hangs()
    {
        var farm = new SimulatedFarm(streams: 2, total: 60, slots: 2, duration: 20);
        farm.StreamOf(0).Hangs = true;
        farm.Started().RunFor(2);

        farm.Machine.Stop();
        farm.RunUntil(() => !farm.Machine.IsRunning, atMostSeconds: 3);

        Assert.Equal((CaptureStatus.RecordingError, CaptureCause.Interrupted), (farm.TaskOf(0).Status, farm.TaskOf(0).Cause!.Value));
        Assert.Equal(CaptureStatus.Cancelled, farm.TaskOf(1).Status);
    }

    [Fact]
    public void A_result_that_comes_after_the_patience_was_spent_still_counts_and_is_reported_again()
    {
        var farm = new SimulatedFarm(streams: 1, total: 60, slots: 1, duration: 20);
        farm.StreamOf(0).Hangs = true;
        farm.Started().RunFor(2);
        farm.Machine.Stop();
        farm.RunUntil(() => farm.Reports.Count == 1);
        Assert.False(farm.Machine.IsAtRest);

        farm.StreamOf(0).Hangs = false;
        farm.RunUntil(() => farm.Machine.IsAtRest);

        Assert.Equal([CaptureCause.Interrupted, CaptureCause.Stopped], farm.Reports.Select(r => r.Cycle.Tasks[0].Cause!.Value));
        Assert.False(farm.Machine.IsRunning);
    }

    [Fact]
    public void What_a_late_result_says_takes_the_place_of_the_last_progress_also_after_the_grain_has_moved()
    {
        var farm = new SimulatedFarm(streams: 1, total: 60, slots: 1, duration: 20).Started();
        farm.RunFor(4);
        farm.StreamOf(0).Hangs = true;
        farm.Machine.Stop();
        farm.RunUntil(() => farm.Reports.Count == 1);
        Assert.InRange(farm.TaskOf(0).RecordedSeconds, 3, 5);

        farm.MoveGrain();
        Assert.InRange(farm.TaskOf(0).RecordedSeconds, 3, 5);
        farm.StreamOf(0).Hangs = false;
        farm.RunUntil(() => farm.Machine.IsAtRest);

        Assert.Equal(Assert.Single(farm.TaskOf(0).Parts).Duration.TotalSeconds, farm.TaskOf(0).RecordedSeconds, 3);
    }

    [Fact]
    public void A_capture_that_hangs_past_the_end_of_its_cycle_keeps_its_slot_in_the_next()
    {
        var farm = new SimulatedFarm(streams: 2, total: 10, slots: 2, duration: 10, pollCycles: -1);
        farm.StreamOf(0).Hangs = true;
        farm.Started();

        farm.RunUntil(() => farm.Snapshot().Cycle == 2 && farm.TaskOf(1).Status == CaptureStatus.Recording);
        Assert.Equal(CaptureStatus.Waiting, farm.TaskOf(0).Status);

        farm.StreamOf(0).Hangs = false;
        farm.RunUntil(() => farm.TaskOf(0).Status == CaptureStatus.Recording, atMostSeconds: 5);
        Assert.Empty(farm.Machine.State.Lingering);
    }

    [Fact]
    public void Results_of_older_attempts_and_results_that_come_twice_are_ignored()
    {
        var farm = new SimulatedFarm(streams: 1, total: 60, slots: 1, duration: 20).Started();
        farm.RunFor(3);
        farm.Crash();
        farm.RunFor(1);
        farm.Restart();
        farm.RunUntil(() => farm.TaskOf(0).Attempt == 2);
        var late = new SimulatedStream();
        late.Begin(farm.Orders[0], farm.Time.GetUtcNow());

        farm.Machine.CaptureEnded(late.Finish(CaptureCause.Disconnected, CaptureStatus.ConnectionError, farm.Time.GetUtcNow()));
        Assert.Null(farm.TaskOf(0).Cause);

        farm.RunUntil(() => farm.Machine.IsAtRest);
        late.Begin(farm.Orders[1], farm.Time.GetUtcNow());
        farm.Machine.CaptureEnded(late.Finish(CaptureCause.Disconnected, CaptureStatus.ConnectionError, farm.Time.GetUtcNow()));
        Assert.Equal(CaptureStatus.Completed, farm.TaskOf(0).Status);
        Assert.False(farm.Machine.IsDirty);
    }

    [Fact]
    public void A_result_may_come_for_a_task_that_is_still_taken_to_be_connecting()
    {
        var farm = new SimulatedFarm(streams: 1, total: 60, slots: 1, duration: 20);
        farm.StreamOf(0).ConnectsAfter = TimeSpan.FromSeconds(10);
        farm.Started();
        farm.RunFor(2);
        var early = new SimulatedStream();
        early.Begin(farm.Orders[0], farm.Time.GetUtcNow());
        farm.Restart();
        Assert.Equal(CaptureStatus.Connecting, farm.TaskOf(0).Status);

        farm.Machine.CaptureEnded(early.Finish(CaptureCause.DurationReached, CaptureStatus.Completed, farm.Time.GetUtcNow()));

        Assert.Equal(CaptureStatus.Completed, farm.TaskOf(0).Status);
    }

    [Fact]
    public void A_capture_of_an_attempt_that_was_given_up_is_ended_when_a_node_speaks_of_it()
    {
        var farm = new SimulatedFarm(streams: 1, total: 60, slots: 1, duration: 20).Started();
        farm.RunFor(3);
        farm.Crash();
        farm.Restart();
        farm.RunUntil(() => farm.TaskOf(0).Attempt == 2);
        var old = farm.Orders[0].Identity;

        farm.Machine.Progressed(NodeReports.Of("cut-off", [new CaptureProgress { Identity = old, Status = CaptureStatus.Recording }]));

        Assert.Equal(old, Assert.Single(farm.Machine.Tick().OfType<EndCapture>()).Identity);
        Assert.Equal("node-1", farm.TaskOf(0).Node);
    }

    [Fact]
    public void Progress_is_shown_and_never_persisted()
    {
        var farm = new SimulatedFarm(streams: 1, total: 60, slots: 1, duration: 20).Started();
        farm.RunFor(3);
        Assert.False(farm.Machine.IsDirty);
        var before = farm.Machine.Version;

        farm.RunFor(2);

        Assert.False(farm.Machine.IsDirty);
        Assert.True(farm.Machine.Version > before);
        Assert.InRange(farm.TaskOf(0).RecordedSeconds, 3.5, 5.5);
        Assert.Equal(0, farm.Machine.State.Run!.Tasks[0].RecordedSeconds);
        Assert.Equal("node-1", farm.TaskOf(0).Node);
    }

    [Fact]
    public void Nothing_is_shown_anew_while_nothing_changes()
    {
        var farm = new SimulatedFarm(streams: 2, total: 60, slots: 1, duration: 20).Started();
        farm.RunFor(1);
        var first = farm.Snapshot();
        farm.Time.Advance(TimeSpan.FromSeconds(1));
        var second = farm.Snapshot();

        Assert.Equal(first.Version, second.Version);
        Assert.Same(first.Tasks, second.Tasks);
        Assert.Equal(first.ElapsedSeconds + 1, second.ElapsedSeconds, 3);
    }

    [Fact]
    public void Reports_that_cannot_be_written_do_not_hold_up_the_next_cycle_for_ever()
    {
        var farm = new SimulatedFarm(streams: 1, total: 10, slots: 1, duration: 5, pollCycles: 2, interval: 1) { ReportsFail = true }.Started();
        farm.RunUntil(() => farm.Snapshot().CycleEndedAt is not null);
        farm.RunFor(20);
        Assert.Equal(1, farm.Snapshot().Cycle);
        farm.RunUntil(() => farm.Snapshot().Cycle == 2, atMostSeconds: 15);
    }

    [Fact]
    public void The_scheduler_is_shown_as_running_until_the_first_reports_are_written_and_not_again_when_they_are_corrected()
    {
        var farm = new SimulatedFarm(streams: 1, total: 60, slots: 1, duration: 20) { ReportsFail = true };
        farm.StreamOf(0).Hangs = true;
        farm.Started().RunFor(2);
        farm.Machine.Stop();
        farm.RunUntil(() => farm.Reports.Count == 1);
        Assert.Equal((true, false, false), (farm.Snapshot().IsRunning, farm.Machine.IsRunning, farm.Reports[0].Cycle.IsRunning));

        farm.ReportsFail = false;
        var version = farm.Snapshot().Version;
        farm.RunUntil(() => farm.Reported.Count == 1);
        farm.StepOnce();
        Assert.False(farm.Snapshot().IsRunning);
        Assert.NotEqual(version, farm.Snapshot().Version);

        (farm.ReportsFail, farm.StreamOf(0).Hangs) = (true, false);
        farm.RunUntil(() => farm.TaskOf(0).Cause == CaptureCause.Stopped);
        Assert.True(farm.Machine.State.ReportDue);
        Assert.False(farm.Snapshot().IsRunning);
    }

    [Fact]
    public void The_scheduler_is_not_shown_as_running_for_ever_when_reports_cannot_be_written()
    {
        var farm = new SimulatedFarm(streams: 1, total: 10, slots: 1, duration: 5) { ReportsFail = true }.Started();
        farm.RunUntil(() => !farm.Machine.IsRunning);

        farm.RunFor(20);
        Assert.True(farm.Snapshot().IsRunning);
        farm.RunUntil(() => !farm.Snapshot().IsRunning, atMostSeconds: 15);
        Assert.True(farm.Machine.State.ReportDue);
    }

    [Fact]
    public void A_start_need_not_wait_for_reports()
    {
        var farm = new SimulatedFarm(streams: 1, total: 10, slots: 1, duration: 5) { ReportsFail = true }.Started();
        farm.RunUntil(() => !farm.Machine.IsRunning);

        Assert.True(farm.Machine.Start());
        farm.ReportsFail = false;
        farm.RunUntil(() => farm.Snapshot().Cycle == 2);
    }
}
