using OrleansRecorder.Captures;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Api.Fakes;

/// <summary>A scheduler that shows whatever a test wants it to show.</summary>
internal sealed class FakeCycle : ICycleGrain
{
    private int _looks;

    public CycleSnapshot Snapshot { get; set; } = new() { IsRunning = false, Cycle = 0, Statistics = new CycleStatistics() };

    /// <summary>What every call throws.</summary>
    public Exception? Failure { get; set; }

    /// <summary>How often the snapshot was read.</summary>
    public int Looks => Volatile.Read(ref _looks);

    public Task<bool> Start() => Change(running: true);

    public Task<bool> Stop() => Change(running: false);

    public Task Resume() => Task.CompletedTask;

    public Task<CycleSnapshot> GetSnapshot()
    {
        Interlocked.Increment(ref _looks);
        return Failure is null ? Task.FromResult(Snapshot) : Task.FromException<CycleSnapshot>(Failure);
    }

    public Task CaptureEnded(CaptureResult result) => Task.CompletedTask;

    public Task ReportProgress(NodeProgress progress) => Task.CompletedTask;

    /// <summary>Shows the next state under a new version.</summary>
    public void Show(CycleSnapshot next) => Snapshot = next with { Version = Snapshot.Version + 1 };

    private Task<bool> Change(bool running)
    {
        if (Failure is not null) return Task.FromException<bool>(Failure);
        if (Snapshot.IsRunning == running) return Task.FromResult(false);
        Show(Snapshot with { IsRunning = running });
        return Task.FromResult(true);
    }
}
