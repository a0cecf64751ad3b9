using OrleansRecorder.Cycles;
using OrleansRecorder.Support;

namespace OrleansRecorder.Nodes;

public sealed class ProgressTests
{
    [Fact]
    public async Task Progress_travels_as_one_batch_a_second_and_not_at_all_when_nothing_runs()
    {
        var watch = new Watch();
        await using var node = new TestNode { Configure = silo => silo.AddIncomingGrainCallFilter(watch) };
        node.WriteConfig(streams: 30, total: 60, slots: 30, duration: 20, pollCycles: 1, interval: 0);
        await node.Start();
        await Task.Delay(1500);
        Assert.Equal(0, watch.Batches);

        await node.Scheduler.Start();
        await TestNode.Until(() => node.Engine.Running.Count == 30);
        foreach (var capture in node.Engine.Running) capture.Record(3);
        var before = watch.Batches;
        await Task.Delay(3000);

        Assert.InRange(watch.Batches - before, 1, 4);
        Assert.All((await node.Scheduler.GetSnapshot()).Tasks, t => Assert.Equal(3, t.RecordedSeconds));
    }

    private sealed class Watch : IIncomingGrainCallFilter
    {
        private int _batches;

        public int Batches => Volatile.Read(ref _batches);

        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.MethodName == nameof(ICycleGrain.Report)) Interlocked.Increment(ref _batches);
            return context.Invoke();
        }
    }
}
