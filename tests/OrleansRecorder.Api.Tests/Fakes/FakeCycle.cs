using OrleansRecorder.Captures;
using OrleansRecorder.Cycles;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Api.Fakes;

/// <summary>A scheduler that shows whatever a test wants it to show.</summary>
internal sealed class FakeCycle : ICycleGrain
{
    private int _looks;
    private int _changes;

    public CycleSnapshot Snapshot { get; set; } = new() { IsRunning = false, Cycle = 0, Statistics = new CycleStatistics() };

    /// <summary>What every call throws.</summary>
    public Exception? Failure { get; set; }

    /// <summary>So many calls are refused before they reach the scheduler, as while the directory of grains is away.</summary>
    public int Refusals { get; set; }

    /// <summary>What a start or a stop waits for before it is done.</summary>
    public Task Held { get; set; } = Task.CompletedTask;

    /// <summary>How often the snapshot was read.</summary>
    public int Looks => Volatile.Read(ref _looks);

    /// <summary>How often it was told to start or stop.</summary>
    public int Changes => Volatile.Read(ref _changes);

    public Task<bool> Start() => Change(running: true);

    public Task<bool> Stop() => Change(running: false);

    public Task Resume() => Task.CompletedTask;

    public Task<CycleSnapshot> GetSnapshot()
    {
        if (Refusals-- > 0) return Task.FromException<CycleSnapshot>(new OrleansMessageRejectionException("The grain directory cannot be reached."));
        Interlocked.Increment(ref _looks);
        return Failure is null ? Task.FromResult(Snapshot) : Task.FromException<CycleSnapshot>(Failure);
    }

    public Task CaptureEnded(CaptureResult result) => Task.CompletedTask;

    /// <summary>The nodes that it shows.</summary>
    public NodeStatus[] Nodes { get; set; } = [];

    public Task<NodeLease> Report(NodeReport report) => Task.FromResult(NodeLease.None);

    public Task<NodeStatus[]> GetNodes() => Failure is null ? Task.FromResult(Nodes) : Task.FromException<NodeStatus[]>(Failure);

    public Task<bool> ForgetNode(string name)
    {
        var before = Nodes.Length;
        Nodes = [.. Nodes.Where(node => node.Name != name || node.Condition != NodeCondition.Dead)];
        return Task.FromResult(Nodes.Length < before);
    }

    /// <summary>Shows the next state under a new version.</summary>
    public void Show(CycleSnapshot next) => Snapshot = next with { Version = Snapshot.Version + 1 };

    private async Task<bool> Change(bool running)
    {
        if (Refusals-- > 0) throw new OrleansMessageRejectionException("The grain directory cannot be reached.");
        Interlocked.Increment(ref _changes);
        await Held;
        if (Failure is not null) throw Failure;
        if (Snapshot.IsRunning == running) return false;
        Show(Snapshot with { IsRunning = running });
        return true;
    }
}
