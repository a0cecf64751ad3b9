using System.Collections.Concurrent;

namespace OrleansRecorder.FarmTests.Harness;

/// <summary>Starts processes of a test farm again when they end, as systemd or Kubernetes do. A test that ends one on purpose ends the supervisor first.</summary>
internal sealed class Supervisor : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<(string Name, int ExitCode)> _ends = new();
    private readonly Task _watching;

    /// <summary>Watches from now on.</summary>
    public Supervisor(IEnumerable<FarmProcess> processes) => _watching = Task.WhenAll(processes.Select(Keep));

    /// <summary>Who has ended, and with which exit code, in order.</summary>
    public IReadOnlyList<(string Name, int ExitCode)> Ends => [.. _ends];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _watching;
        _ending.Dispose();
    }

    private async Task Keep(FarmProcess process)
    {
        try
        {
            while (true)
            {
                _ends.Enqueue((process.Name, await process.Exited.WaitAsync(_ending.Token)));
                await Task.Delay(Pause, _ending.Token);
                await process.Launch();
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The test is over.
        }
    }
}
