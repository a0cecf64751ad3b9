using OrleansRecorder.Captures;
using OrleansRecorder.Support;

namespace OrleansRecorder.Streams;

public sealed class StreamGrainTests
{
    private const string Key = "rtsp://camera/0";

    [Fact]
    public async Task The_same_order_twice_is_one_capture()
    {
        await using var node = await TestNode.Started();
        Assert.Equal(CaptureAcceptance.Accepted, await node.Stream(Key).Begin(Order(1, 0, 1)));
        Assert.Equal(CaptureAcceptance.Accepted, await node.Stream(Key).Begin(Order(1, 0, 1)));
        Assert.Single(node.Engine.Captures);
        Assert.Equal(new CaptureIdentity(1, 0, 1), (await node.Stream(Key).Running()).Capture);
    }

    [Fact]
    public async Task Another_task_of_the_same_cycle_finds_the_stream_busy()
    {
        await using var node = await TestNode.Started();
        await node.Stream(Key).Begin(Order(1, 0, 1));
        Assert.Equal(CaptureAcceptance.Busy, await node.Stream(Key).Begin(Order(1, 7, 1)));
    }

    [Fact]
    public async Task A_newer_attempt_replaces_an_older_one_and_an_older_one_is_outdated()
    {
        await using var node = await TestNode.Started();
        await node.Stream(Key).Begin(Order(1, 0, 1));
        Assert.Equal(CaptureAcceptance.Accepted, await node.Stream(Key).Begin(Order(1, 0, 2)));
        Assert.Equal(CaptureCause.Interrupted, node.Engine.Captures[0].ToldToStop);
        Assert.Equal(new CaptureIdentity(1, 0, 2), Assert.Single(node.Engine.Running).Identity);
        Assert.Equal(CaptureAcceptance.Outdated, await node.Stream(Key).Begin(Order(1, 0, 1)));
    }

    [Fact]
    public async Task A_capture_of_an_older_cycle_gives_way()
    {
        await using var node = await TestNode.Started();
        await node.Stream(Key).Begin(Order(1, 0, 1));
        Assert.Equal(CaptureAcceptance.Accepted, await node.Stream(Key).Begin(Order(2, 3, 1)));
        Assert.Equal(2, Assert.Single(node.Engine.Running).Identity.Cycle);
    }

    [Fact]
    public async Task An_order_past_its_deadline_is_outdated()
    {
        await using var node = await TestNode.Started();
        Assert.Equal(CaptureAcceptance.Outdated, await node.Stream(Key).Begin(Order(1, 0, 1) with { Deadline = DateTimeOffset.UtcNow.AddSeconds(-1) }));
        Assert.Empty(node.Engine.Captures);
    }

    [Fact]
    public async Task An_order_that_comes_after_its_end_does_not_begin()
    {
        await using var node = await TestNode.Started();
        await node.Stream(Key).End(new CaptureIdentity(1, 0, 1), CaptureCause.Stopped);
        Assert.Equal(CaptureAcceptance.Outdated, await node.Stream(Key).Begin(Order(1, 0, 1)));
        Assert.Empty(node.Engine.Captures);
    }

    [Fact]
    public async Task An_order_that_was_seen_before_a_crash_stays_seen()
    {
        await using var node = await TestNode.Started();
        await node.Stream(Key).Begin(Order(1, 0, 2));
        await node.Kill();
        await node.Start();
        Assert.Null((await node.Stream(Key).Running()).Capture);
        Assert.Equal(CaptureAcceptance.Outdated, await node.Stream(Key).Begin(Order(1, 0, 2)));
        Assert.Equal(CaptureAcceptance.Outdated, await node.Stream(Key).Begin(Order(1, 0, 1)));
        Assert.Equal(CaptureAcceptance.Accepted, await node.Stream(Key).Begin(Order(1, 0, 3)));
    }

    [Fact]
    public async Task An_end_for_another_capture_changes_nothing()
    {
        await using var node = await TestNode.Started();
        await node.Stream(Key).Begin(Order(1, 0, 2));
        await node.Stream(Key).End(new CaptureIdentity(1, 0, 1), CaptureCause.Stopped);
        Assert.Single(node.Engine.Running);
        await node.Stream(Key).End(new CaptureIdentity(1, 0, 2), CaptureCause.Stopped);
        Assert.Empty(node.Engine.Running);
    }

    [Fact]
    public async Task The_activation_goes_away_when_its_capture_has_ended()
    {
        await using var node = await TestNode.Started();
        var management = node.Grains.GetGrain<IManagementGrain>(0);
        await node.Stream(Key).Begin(Order(1, 0, 1));
        Assert.NotNull(await management.GetActivationAddress(node.Stream(Key)));

        node.Engine.Captures[0].Finish(CaptureCause.DurationReached);

        for (var until = DateTimeOffset.UtcNow.AddSeconds(10); await management.GetActivationAddress(node.Stream(Key)) is not null; await Task.Delay(20))
            Assert.True(DateTimeOffset.UtcNow < until);
    }

    private static CaptureOrder Order(long cycle, int task, int attempt) => new()
    {
        Identity = new CaptureIdentity(cycle, task, attempt),
        RtspUrl = "rtsp://user:secret@camera/0",
        OutputDirectory = "output",
        CycleDirectory = "20260101_000000",
        OutputFilename = "camera0.mp4",
        Duration = TimeSpan.FromSeconds(20),
        Deadline = DateTimeOffset.UtcNow.AddMinutes(1),
        ConnectionTimeout = TimeSpan.FromSeconds(5),
        ReadTimeout = TimeSpan.FromSeconds(5),
        KeyFrameTimeout = TimeSpan.FromSeconds(60),
        FirstPart = 1,
        StreamIndex = 0,
    };
}
