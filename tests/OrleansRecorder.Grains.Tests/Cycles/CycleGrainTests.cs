using System.Diagnostics;
using OrleansRecorder.Captures;
using OrleansRecorder.Configuration;
using OrleansRecorder.Support;

namespace OrleansRecorder.Cycles;

public sealed class CycleGrainTests
{
    [Fact]
    public async Task A_cycle_records_into_its_directory_and_leaves_its_reports_there()
    {
        await using var node = await TestNode.Started(streams: 3, slots: 2);
        Assert.True(await node.Scheduler.Start());
        await TestNode.Until(() => node.Engine.Running.Count == 2);
        foreach (var capture in node.Engine.Running) FakeCapture.RecordAll(capture);
        await TestNode.Until(() => node.Engine.Captures.Count == 3);
        FakeCapture.RecordAll(node.Engine.Running[0]);
        await node.Until(s => !s.IsRunning);

        var snapshot = await node.Scheduler.GetSnapshot();
        Assert.Equal(new CycleStatistics { Total = 3, Completed = 3, MaxConcurrentUsed = 2 }, snapshot.Statistics);
        Assert.All(snapshot.Tasks, t => Assert.Equal((TestNode.Name, 20.0, "h264"), (t.Node, t.RecordedSeconds, t.Codec)));
        var directory = Path.Combine(node.Output, snapshot.CycleDirectory);
        Assert.Equal(["camera0.mp4", "camera1.mp4", "camera2.mp4", "report.txt", "rtsp_report.json", "streams.csv"], Directory.GetFiles(directory).Select(Path.GetFileName).Order());
        Assert.DoesNotContain("secret", await File.ReadAllTextAsync(Path.Combine(directory, "rtsp_report.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_capture_is_ordered_with_its_streams_own_settings()
    {
        await using var node = await TestNode.Started(streams: 2, slots: 2);
        Assert.Equal(ConfigResult.Ok, (await node.Config.UpdateStream(1, """{"ingest": "ffmpeg", "accept_any_certificate": true}""")).Result);
        await node.Scheduler.Start();
        await TestNode.Until(() => node.Engine.Running.Count == 2);

        Assert.Equal(
            [(IngestPath.Auto, false), (IngestPath.FFmpeg, true)],
            node.Engine.Running.Select(c => c.Order).OrderBy(o => o.StreamIndex).Select(o => (o.Ingest, o.AcceptsAnyCertificate)));
    }

    [Fact]
    public async Task Starting_a_scheduler_that_runs_and_stopping_one_that_does_not_say_no()
    {
        await using var node = await TestNode.Started();
        Assert.False(await node.Scheduler.Stop());
        Assert.True(await node.Scheduler.Start());
        Assert.False(await node.Scheduler.Start());
        Assert.True(await node.Scheduler.Stop());
        Assert.False(await node.Scheduler.Stop());
    }

    [Fact]
    public async Task A_stop_ends_the_captures_keeps_their_files_and_has_written_the_reports_when_it_returns()
    {
        await using var node = await TestNode.Started(streams: 3, slots: 2);
        await node.Scheduler.Start();
        await TestNode.Until(() => node.Engine.Running.Count == 2);
        node.Engine.Running[0].Record(5);

        Assert.True(await node.Scheduler.Stop());

        var snapshot = await node.Scheduler.GetSnapshot();
        Assert.False(snapshot.IsRunning);
        Assert.All(node.Engine.Captures, c => Assert.Equal(CaptureCause.Stopped, c.ToldToStop));
        Assert.All(snapshot.Tasks, t => Assert.Equal(CaptureStatus.Cancelled, t.Status));
        var directory = Path.Combine(node.Output, snapshot.CycleDirectory);
        Assert.Single(Directory.GetFiles(directory, "*.mp4"));
        Assert.True(File.Exists(Path.Combine(directory, "report.txt")));
    }

    [Fact]
    public async Task A_stop_that_comes_while_the_last_reports_are_written_waits_for_them()
    {
        var (gate, stops) = (new CallGate(nameof(Archive.IArchiveGrain.WriteReports)), new CallGate(nameof(ICycleGrain.Stop)));
        stops.Open();
        await using var node = new TestNode { Configure = silo => silo.AddIncomingGrainCallFilter(gate).AddIncomingGrainCallFilter(stops) };
        node.WriteConfig(streams: 1, total: 60, slots: 1, duration: 20, pollCycles: 1, interval: 0);
        await node.Start();
        await node.Scheduler.Start();
        await TestNode.Until(() => node.Engine.Running.Count == 1);
        FakeCapture.RecordAll(node.Engine.Running[0]);
        await gate.Reached;
        Assert.True((await node.Scheduler.GetSnapshot()).IsRunning);

        var stop = node.Scheduler.Stop();
        await stops.Reached;
        gate.Open();

        Assert.True(await stop);
        Assert.False((await node.Scheduler.GetSnapshot()).IsRunning);
        Assert.False(await node.Scheduler.Stop());
    }

    [Fact]
    public async Task A_stop_returns_within_three_seconds_even_if_captures_hang()
    {
        await using var node = await TestNode.Started(streams: 2);
        node.Engine.Hangs = true;
        await node.Scheduler.Start();
        await TestNode.Until(() => node.Engine.Running.Count == 2);

        var watch = Stopwatch.StartNew();
        Assert.True(await node.Scheduler.Stop());

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(4), $"it took {watch.Elapsed}");
        Assert.All((await node.Scheduler.GetSnapshot()).Tasks, t => Assert.Equal(CaptureCause.Interrupted, t.Cause));
    }

    [Fact]
    public async Task After_a_kill_the_same_cycle_goes_on_and_the_report_tells_of_it()
    {
        await using var node = await TestNode.Started(streams: 2, slots: 2);
        await node.Scheduler.Start();
        await TestNode.Until(() => node.Engine.Running.Count == 2);
        foreach (var capture in node.Engine.Running) capture.Record(8);
        var before = await node.Scheduler.GetSnapshot();
        await node.Kill();

        await node.Start();
        await TestNode.Until(() => node.Engine.Running.Count == 2);
        Assert.All(node.Engine.Running, c => Assert.Equal((2, 12.0), (c.Order.FirstPart, c.Order.Duration.TotalSeconds)));
        foreach (var capture in node.Engine.Running) FakeCapture.RecordAll(capture);
        await node.Until(s => !s.IsRunning);

        var after = await node.Scheduler.GetSnapshot();
        Assert.Equal((before.Cycle, before.CycleDirectory, before.CycleStartedAt), (after.Cycle, after.CycleDirectory, after.CycleStartedAt));
        Assert.All(after.Tasks, t => Assert.Equal((CaptureStatus.Completed, 20.0), (t.Status, t.RecordedSeconds)));
        Assert.Equal(["camera0.mp4", "camera0.part2.mp4"], after.Tasks[0].Parts.Select(p => p.Filename));
        var report = Path.Combine(node.Output, after.CycleDirectory, "report.txt");
        await TestNode.Until(() => File.Exists(report));
        Assert.Contains("中断", await File.ReadAllTextAsync(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_recovery_cannot_finish_is_left_alone_and_the_report_tells_of_it()
    {
        await using var node = await Killed();
        node.Repair = (_, _) => throw new IOException("the disk does not answer");

        await node.Start();
        await TestNode.Until(() => node.Engine.Running.Count == 1);
        Assert.Equal((2, 20.0), (node.Engine.Running[0].Order.FirstPart, node.Engine.Running[0].Order.Duration.TotalSeconds));
        FakeCapture.RecordAll(node.Engine.Running[0]);
        await node.Until(s => !s.IsRunning);

        var after = await node.Scheduler.GetSnapshot();
        var directory = Path.Combine(node.Output, after.CycleDirectory);
        Assert.Equal("camera0.part2.mp4", Assert.Single(after.Tasks[0].Parts).Filename);
        Assert.Equal(8000, new FileInfo(Path.Combine(directory, ".camera0.mp4.recording")).Length);
        Assert.Contains(after.Tasks[0].Warnings, warning => warning == CycleTexts.NotAllFound);
        await TestNode.Until(() => File.Exists(Path.Combine(directory, "report.txt")));
        Assert.Contains(CycleTexts.NotAllFound.Chinese, await File.ReadAllTextAsync(Path.Combine(directory, "report.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_recovery_can_finish_a_moment_later_is_counted()
    {
        await using var node = await Killed();
        node.Cycle.PartsAttempts = 1000;
        var repair = node.Repair;
        var calls = 0;
        node.Repair = (path, cancellation) => Interlocked.Increment(ref calls) == 1 ? throw new IOException("the disk does not answer") : repair(path, cancellation);

        await node.Start();
        await TestNode.Until(() => node.Engine.Running.Count == 1);
        Assert.Equal((2, 12.0), (node.Engine.Running[0].Order.FirstPart, node.Engine.Running[0].Order.Duration.TotalSeconds));
        FakeCapture.RecordAll(node.Engine.Running[0]);
        await node.Until(s => !s.IsRunning);
        Assert.Equal(["camera0.mp4", "camera0.part2.mp4"], (await node.Scheduler.GetSnapshot()).Tasks[0].Parts.Select(p => p.Filename));
    }

    [Fact]
    public async Task A_shutdown_closes_the_files_and_the_next_start_goes_on()
    {
        await using var node = await TestNode.Started(streams: 1);
        await node.Scheduler.Start();
        await TestNode.Until(() => node.Engine.Running.Count == 1);
        node.Engine.Running[0].Record(5);
        var directory = Path.Combine(node.Output, (await node.Scheduler.GetSnapshot()).CycleDirectory);
        await node.Stop();
        Assert.Equal(CaptureCause.Interrupted, node.Engine.Captures[0].ToldToStop);
        Assert.True(File.Exists(Path.Combine(directory, "camera0.mp4")));

        await node.Start();
        await TestNode.Until(() => node.Engine.Running.Count == 1);
        Assert.Equal(TimeSpan.FromSeconds(15), node.Engine.Running[0].Order.Duration);
        FakeCapture.RecordAll(node.Engine.Running[0]);
        await node.Until(s => !s.IsRunning && s.Statistics.Completed == 1);
    }

    [Fact]
    public async Task A_scheduler_that_was_stopped_stays_stopped_over_a_restart()
    {
        await using var node = await TestNode.Started();
        await node.Scheduler.Start();
        await node.Scheduler.Stop();
        await node.Stop();
        await node.Start();
        Assert.False((await node.Scheduler.GetSnapshot()).IsRunning);
    }

    [Fact]
    public async Task There_are_never_more_captures_than_slots_and_every_stream_has_its_turn()
    {
        await using var node = await TestNode.Started(streams: 20, slots: 3, duration: 2);
        node.Engine.Started = capture => _ = Task.Delay(20).ContinueWith(_ => FakeCapture.RecordAll(capture), TaskScheduler.Default);
        await node.Scheduler.Start();
        await node.Until(s => !s.IsRunning && s.Statistics.Completed == 20);
        Assert.Equal(3, node.Engine.MostRunning);
        Assert.Equal(20, node.Engine.Captures.Count);
    }

    [Fact]
    public async Task Writes_are_shared_and_progress_causes_none()
    {
        await using var node = await TestNode.Started(streams: 40, slots: 40);
        await node.Scheduler.Start();
        await TestNode.Until(() => node.Engine.Running.Count == 40);
        await node.Until(s => s.Tasks.All(t => t.Node == TestNode.Name));
        var writes = node.Storage.Writes["cycle"];
        Assert.InRange(writes, 1, 8);
        foreach (var capture in node.Engine.Running) capture.Record(3);

        await node.Until(s => s.Tasks.All(t => t.RecordedSeconds == 3));

        Assert.Equal(writes, node.Storage.Writes["cycle"]);
    }

    [Fact]
    public async Task An_order_is_persisted_before_it_is_given()
    {
        await using var node = await TestNode.Started();
        TaskState? written = null;
        node.Engine.Started = capture => written = node.Storage.Read<CycleState>("cycle", ICycleGrain.Key)!.Run!.Tasks[capture.Identity.TaskId];
        await node.Scheduler.Start();
        await TestNode.Until(() => written is not null);
        Assert.Equal((TaskStage.Running, 1), (written!.Stage, written.Attempt));
    }

    [Fact]
    public async Task A_snapshot_does_not_wait_behind_a_slow_write()
    {
        await using var node = await TestNode.Started();
        await node.Scheduler.GetSnapshot();
        var gate = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        node.Storage.BeforeWrite = (state, _) =>
        {
            if (state != "cycle") return Task.CompletedTask;
            reached.TrySetResult();
            return gate.Task;
        };
        var start = node.Scheduler.Start();
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(10));

        await node.Scheduler.GetSnapshot().WaitAsync(TimeSpan.FromSeconds(2));
        Assert.False(start.IsCompleted);

        gate.SetResult();
        Assert.True(await start);
    }

    [Fact]
    public async Task A_stream_that_does_not_answer_holds_up_no_other()
    {
        await using var node = await TestNode.Started(streams: 3, slots: 3);
        var never = new TaskCompletionSource();
        node.Storage.BeforeWrite = (_, grain) => grain.ToString().EndsWith("camera/1", StringComparison.Ordinal) ? never.Task : Task.CompletedTask;
        await node.Scheduler.Start();
        await TestNode.Until(() => node.Engine.Running.Count == 2);
        foreach (var capture in node.Engine.Running) FakeCapture.RecordAll(capture);
        await node.Until(s => s.Statistics.Completed == 2);
        never.SetResult();
        await TestNode.Until(() => node.Engine.Captures.Count == 3);
    }

    [Fact]
    public async Task When_the_storage_fails_for_a_while_nothing_is_lost()
    {
        await using var node = await TestNode.Started(streams: 2, slots: 2);
        await node.Scheduler.Start();
        await TestNode.Until(() => node.Engine.Running.Count == 2);
        node.Storage.BeforeWrite = (state, _) => state == "cycle" ? throw new IOException("the database is away") : Task.CompletedTask;
        foreach (var capture in node.Engine.Running) FakeCapture.RecordAll(capture);
        await Task.Delay(1500);
        node.Storage.BeforeWrite = (_, _) => Task.CompletedTask;

        await node.Until(s => !s.IsRunning && s.Statistics.Completed == 2);
        Assert.Equal(2, node.Engine.Captures.Count);
    }

    [Fact]
    public async Task While_the_storage_is_away_a_start_and_a_stop_are_refused_and_the_same_activation_goes_on()
    {
        await using var node = await TestNode.Started(streams: 1);
        node.Storage.BeforeWrite = (state, _) => state == "cycle" ? throw new IOException("the database is away") : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<OrleansException>(() => node.Scheduler.Start());
        Assert.False((await node.Scheduler.GetSnapshot()).IsRunning);
        node.Storage.BeforeWrite = (_, _) => Task.CompletedTask;
        await TestNode.Until(async () => await node.Scheduler.ForgetNode("nobody").ContinueWith(t => t.IsCompletedSuccessfully));
        Assert.False((await node.Scheduler.GetSnapshot()).IsRunning);

        Assert.True(await node.Scheduler.Start());
        await TestNode.Until(() => node.Engine.Running.Count == 1);
        node.Storage.BeforeWrite = (state, _) => state == "cycle" ? throw new IOException("the database is away") : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<OrleansException>(() => node.Scheduler.Stop());
        Assert.Single(node.Engine.Running);
        Assert.True((await node.Scheduler.GetSnapshot()).IsRunning);
        node.Storage.BeforeWrite = (_, _) => Task.CompletedTask;
        await TestNode.Until(async () => await node.Scheduler.ForgetNode("nobody").ContinueWith(t => t.IsCompletedSuccessfully));

        Assert.Null(node.Engine.Captures[0].ToldToStop);
        Assert.Equal(1, node.Storage.Read<CycleTermState>("cycle-term", ICycleGrain.Key)!.Term);
    }

    [Fact]
    public async Task A_start_and_a_stop_are_held_while_the_storage_is_away_for_a_moment_and_then_done()
    {
        await using var node = await TestNode.Started(streams: 1);
        var tries = 0;
        node.Storage.BeforeWrite = (state, _) => state == "cycle" && Interlocked.Increment(ref tries) > 0 ? throw new IOException("the database is away") : Task.CompletedTask;
        var start = node.Scheduler.Start();
        await TestNode.Until(() => Volatile.Read(ref tries) >= 3);
        Assert.False(start.IsCompleted);
        Assert.False((await node.Scheduler.GetSnapshot()).IsRunning);
        node.Storage.BeforeWrite = (_, _) => Task.CompletedTask;
        Assert.True(await start);
        await TestNode.Until(() => node.Engine.Running.Count == 1);

        tries = 0;
        node.Storage.BeforeWrite = (state, _) => state == "cycle" && Interlocked.Increment(ref tries) > 0 ? throw new IOException("the database is away") : Task.CompletedTask;
        var stop = node.Scheduler.Stop();
        await TestNode.Until(() => Volatile.Read(ref tries) >= 3);
        Assert.False(stop.IsCompleted);
        Assert.Null(node.Engine.Captures[0].ToldToStop);
        node.Storage.BeforeWrite = (_, _) => Task.CompletedTask;
        Assert.True(await stop);
        Assert.False((await node.Scheduler.GetSnapshot()).IsRunning);
    }

    [Fact]
    public async Task A_write_that_was_not_answered_and_is_made_after_all_costs_neither_the_activation_nor_what_it_was_told()
    {
        await using var node = await TestNode.Started(streams: 1);
        var late = new LateWrite(node.Storage, "cycle");
        var start = node.Scheduler.Start();
        await late.Hangs;
        Assert.False(start.IsCompleted);
        await late.Arrive();

        Assert.True(await start);
        await TestNode.Until(() => node.Engine.Running.Count == 1);
        Assert.Equal(1, node.Storage.Read<CycleTermState>("cycle-term", ICycleGrain.Key)!.Term);
    }

    [Fact]
    public async Task An_activation_that_another_has_overtaken_while_its_writes_were_not_answered_gives_way()
    {
        await using var node = await TestNode.Started(streams: 1);
        var late = new LateWrite(node.Storage, "cycle");
        var start = node.Scheduler.Start();
        await late.Hangs;
        node.Storage.Change<CycleTermState>("cycle-term", ICycleGrain.Key, state => state.Term += 10);
        node.Storage.Overtake("cycle", ICycleGrain.Key);
        await late.Arrive();

        await Assert.ThrowsAnyAsync<OrleansException>(() => start);
        await TestNode.Until(async () => (await node.Scheduler.GetSnapshot()) is not null && node.Storage.Read<CycleTermState>("cycle-term", ICycleGrain.Key)!.Term == 12);
        Assert.Empty(node.Engine.Captures);
    }

    [Fact]
    public async Task An_activation_whose_state_was_overtaken_gives_way_and_the_cycles_go_on_though_nobody_asks()
    {
        await using var node = await TestNode.Started(streams: 1, pollCycles: 2, interval: 1);
        node.Engine.Started = FakeCapture.RecordAll;
        await node.Scheduler.Start();
        await node.Until(s => s.CycleEndedAt is not null && Directory.Exists(node.Output) && Directory.GetFiles(node.Output, "streams.csv", SearchOption.AllDirectories).Length == 1);

        node.Storage.Overtake("cycle", ICycleGrain.Key);

        await TestNode.Until(() => node.Engine.Captures.Count == 2);
    }

    [Fact]
    public async Task Cycles_follow_one_another_each_in_a_directory_of_its_own()
    {
        await using var node = await TestNode.Started(streams: 1, duration: 1, pollCycles: 3);
        node.Engine.Started = FakeCapture.RecordAll;
        await node.Scheduler.Start();
        await node.Until(s => !s.IsRunning && s.Cycle == 3);
        await TestNode.Until(() => Directory.GetFiles(node.Output, "streams.csv", SearchOption.AllDirectories).Length == 3);
        Assert.Equal(3, Directory.GetDirectories(node.Output).Length);
    }

    // After eight seconds of one capture.
    private static async Task<TestNode> Killed()
    {
        var node = await TestNode.Started(streams: 1);
        await node.Scheduler.Start();
        await TestNode.Until(() => node.Engine.Running.Count == 1);
        node.Engine.Running[0].Record(8);
        await node.Kill();
        return node;
    }
}
