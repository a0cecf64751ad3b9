using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansRecorder.Captures;
using OrleansRecorder.Streams;
using OrleansRecorder.Support;

namespace OrleansRecorder.Nodes;

public sealed class CaptureNodeTests
{
    [Fact]
    public async Task A_node_never_runs_more_than_its_capacity()
    {
        await using var node = await Started(options => options.Capacity = 2);
        Assert.Equal(CaptureAcceptance.Accepted, await Begin(node, 0));
        Assert.Equal(CaptureAcceptance.Accepted, await Begin(node, 1));
        Assert.Equal(CaptureAcceptance.Draining, await Begin(node, 2));

        node.Engine.Running[0].Finish(CaptureCause.DurationReached);
        await TestNode.Until(() => Node(node).Report().Captures.Length == 1);

        Assert.Equal(CaptureAcceptance.Accepted, await Begin(node, 2));
        Assert.Equal(2, node.Engine.MostRunning);
    }

    [Fact]
    public async Task An_order_for_another_node_is_not_begun_here()
    {
        await using var node = await Started();
        Assert.Equal(CaptureAcceptance.Elsewhere, await node.Stream("rtsp://camera/0").Begin(Orders.Order(0) with { Node = "node-2" }));
        Assert.Empty(node.Engine.Captures);
        Assert.Equal(CaptureAcceptance.Accepted, await node.Stream("rtsp://camera/0").Begin(Orders.Order(0) with { Node = TestNode.Name }));
    }

    [Fact]
    public async Task An_attempt_that_goes_to_another_node_ends_the_one_that_runs_here()
    {
        await using var node = await Started();
        await Begin(node, 0);
        var second = Orders.Order(0) with { Node = "node-2", Identity = new CaptureIdentity(1, 0, 2) };

        Assert.Equal(CaptureAcceptance.Elsewhere, await node.Stream("rtsp://camera/0").Begin(second));

        Assert.Empty(node.Engine.Running);
    }

    [Fact]
    public async Task An_order_whose_record_could_not_be_written_is_not_begun_and_may_come_again()
    {
        await using var node = await Started();
        node.Storage.BeforeWrite = (state, _) => state == "stream" ? Task.FromException(new IOException("the database is away")) : Task.CompletedTask;
        await Assert.ThrowsAnyAsync<Exception>(() => Begin(node, 0));
        Assert.Empty(node.Engine.Captures);

        node.Storage.BeforeWrite = (_, _) => Task.CompletedTask;
        Assert.Equal(CaptureAcceptance.Accepted, await Begin(node, 0));
    }

    [Fact]
    public async Task A_node_that_drains_lets_finish_what_ends_soon_hands_over_the_rest_and_takes_nothing_new()
    {
        await using var node = await Started(options => options.GracePeriod = TimeSpan.FromSeconds(5));
        await Begin(node, 0);
        await Begin(node, 1);
        var (almostDone, longer) = (node.Engine.Captures[0], node.Engine.Captures[1]);
        almostDone.Record(17);
        longer.Record(3);

        var report = await node.Grains.GetGrain<INodeGrain>(TestNode.Name).Drain();

        Assert.True(report.IsDraining);
        Assert.Equal(CaptureCause.Interrupted, longer.ToldToStop);
        Assert.Null(almostDone.ToldToStop);
        Assert.Equal(CaptureAcceptance.Draining, await Begin(node, 2));

        Assert.False((await node.Grains.GetGrain<INodeGrain>(TestNode.Name).Undrain()).IsDraining);
        Assert.Equal(CaptureAcceptance.Accepted, await Begin(node, 2));
    }

    [Fact]
    public async Task A_capture_that_should_have_ended_within_the_grace_and_has_not_is_handed_over_after_it()
    {
        await using var node = await Started(options => options.GracePeriod = TimeSpan.FromSeconds(3));
        await Begin(node, 0);
        node.Engine.Captures[0].Record(18);

        await node.Grains.GetGrain<INodeGrain>(TestNode.Name).Drain();
        Assert.Null(node.Engine.Captures[0].ToldToStop);

        await TestNode.Until(() => node.Engine.Captures[0].ToldToStop == CaptureCause.Interrupted);
    }

    [Fact]
    public async Task A_capture_that_the_cycle_ends_soon_may_finish_too()
    {
        await using var node = await Started(options => options.GracePeriod = TimeSpan.FromSeconds(30));
        await node.Stream("rtsp://camera/0").Begin(Orders.Order(0) with { Duration = TimeSpan.FromHours(1), Deadline = DateTimeOffset.UtcNow.AddSeconds(20) });

        await node.Grains.GetGrain<INodeGrain>(TestNode.Name).Drain();

        Assert.Null(node.Engine.Captures[0].ToldToStop);
    }

    [Fact]
    public async Task A_node_that_is_told_to_stop_waits_for_what_ends_within_its_grace_and_then_ends_the_rest()
    {
        var node = await Started(options => (options.GracePeriod, options.DrainLimit) = (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20)));
        await using var disposed = node;
        await Begin(node, 0);
        await Begin(node, 1);
        var (almostDone, late) = (node.Engine.Captures[0], node.Engine.Captures[1]);
        almostDone.Record(17);
        late.Record(18);
        var engine = node.Engine;

        var stopping = node.Stop();
        await TestNode.Until(() => Node(node).Report().IsDraining);
        Assert.Null(almostDone.ToldToStop);
        almostDone.Finish(CaptureCause.DurationReached);
        await stopping;

        Assert.Null(almostDone.ToldToStop);
        Assert.Equal(CaptureCause.Interrupted, late.ToldToStop);
        Assert.Empty(engine.Running);
    }

    [Fact]
    public async Task A_node_that_is_not_there_cannot_be_drained_and_is_named()
    {
        await using var node = await Started();
        var exception = await Assert.ThrowsAnyAsync<OrleansException>(() => node.Grains.GetGrain<INodeGrain>("node-2").Drain());
        Assert.Equal("node-2", Archive.NodeUnavailableException.In(exception)?.Node);
    }

    [Theory]
    [InlineData(1, 64L << 30, 200)]
    [InlineData(2, 64L << 30, 400)]
    [InlineData(64, 1L << 30, 64)]
    [InlineData(1, 1L << 20, 1)]
    public void Capacity_comes_from_cores_and_memory(int cores, long memory, int capacity) => Assert.Equal(capacity, NodeCapacity.Of(cores, memory));

    [Fact]
    public async Task Options_that_make_no_sense_fail_the_start_and_all_of_them_are_named()
    {
        await using var node = new TestNode { ConfigureNode = options => (options.Capacity, options.Archive) = (0, " ") };
        node.WriteConfig(streams: 1, total: 60, slots: 1, duration: 20, pollCycles: 1, interval: 0);
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(node.Start);
        Assert.Equal(2, exception.Failures.Count());
    }

    private static async Task<TestNode> Started(Action<NodeOptions>? configure = null)
    {
        var node = new TestNode { ConfigureNode = configure ?? (_ => { }) };
        node.WriteConfig(streams: 1, total: 60, slots: 2, duration: 20, pollCycles: 1, interval: 0);
        await node.Start();
        return node;
    }

    private static CaptureNode Node(TestNode node) => node.Services.GetRequiredService<CaptureNode>();

    private static Task<CaptureAcceptance> Begin(TestNode node, int task) => node.Stream($"rtsp://camera/{task}").Begin(Orders.Order(task));
}
