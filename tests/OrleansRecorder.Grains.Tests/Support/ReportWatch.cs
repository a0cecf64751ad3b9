using OrleansRecorder.Cycles;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Support;

/// <summary>Counts the reports of nodes on their way to CycleGrain, and may answer in its place.</summary>
internal sealed class ReportWatch : IIncomingGrainCallFilter
{
    private int _count;

    /// <summary>How many have come.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>What is done with a report, by its number from 1; null has CycleGrain answer.</summary>
    public Func<int, Task<NodeLease?>> Answer { get; set; } = _ => Task.FromResult<NodeLease?>(null);

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.MethodName != nameof(ICycleGrain.Report))
        {
            await context.Invoke();
            return;
        }

        var answer = await Answer(Interlocked.Increment(ref _count));
        await context.Invoke();
        if (answer is not null) context.Result = answer;
    }
}
