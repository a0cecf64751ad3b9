using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Nodes;

/// <summary>
/// Tells CycleGrain once a second how this node is, with all its captures in one piece, and keeps the lease that is the answer. A report that hangs does not hold up
/// the next: a few may be under way at once, and each answer counts from when its own report was sent. When the process is told to stop, it ends the
/// captures while everything that they need still runs, and goes on to report meanwhile.
/// </summary>
internal sealed partial class NodeReporter(
    CaptureNode node, IGrainFactory grains, IOptions<NodeOptions> options, TimeProvider time, ILogger<NodeReporter> logger) : BackgroundService, IHostedLifecycleService
{
    private const int MaxUnderWay = 6;

    // An answer later than this would renew next to nothing.
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(250);

    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _underWay;
    private volatile bool _isFailing;

    /// <summary>The silo has joined: from now on there is somebody to tell.</summary>
    public void Begin() => _joined.TrySetResult();

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var undelivered = await node.Shutdown();
        if (undelivered > 0) LogUndelivered(undelivered);
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _joined.Task.WaitAsync(stoppingToken);
            while (true)
            {
                // After a freeze this comes before any answer could be read as a renewal.
                node.Lease.Check();
                _ = Report(stoppingToken);
                await UntilNext(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    // When the silo with the cycle is declared dead, what was on its way there fails: the lease does not wait for the next second then.
    private async Task UntilNext(CancellationToken stoppingToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var period = _isFailing && RetryPeriod < options.Value.ReportPeriod ? RetryPeriod : options.Value.ReportPeriod;
        await Task.WhenAny(Task.Delay(period, time, over.Token), _failed.Task);
        await over.CancelAsync();
        if (_failed.Task.IsCompleted) _failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stoppingToken.ThrowIfCancellationRequested();
    }

    private async Task Report(CancellationToken stoppingToken)
    {
        if (Interlocked.Increment(ref _underWay) > MaxUnderWay)
        {
            Interlocked.Decrement(ref _underWay);
            return;
        }

        try
        {
            var sentAt = time.GetTimestamp();
            var lease = await grains.GetGrain<ICycleGrain>(ICycleGrain.Key).Report(node.Report()).WaitAsync(CallLimit, time, stoppingToken);
            node.Lease.Renew(sentAt, lease);
            if (_isFailing) LogTaken();
            _isFailing = false;
        }
        catch (Exception exception)
        {
            // The next report holds all that this one did. When the process ends nobody waits for it.
            if (!_isFailing && !stoppingToken.IsCancellationRequested) LogFailed(exception);
            var isFirst = !_isFailing;

            // Before it wakes the loop, which chooses its pace by it.
            _isFailing = true;
            if (isFirst) _failed.TrySetResult();
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    [LoggerMessage(2201, LogLevel.Warning, "The node's report was not taken; trying on quietly.")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(2202, LogLevel.Warning, "{Captures} captures had not ended, or their results were not taken, when the node shut down; they count as interrupted.")]
    private partial void LogUndelivered(int captures);

    [LoggerMessage(2203, LogLevel.Information, "The node's reports are taken again.")]
    private partial void LogTaken();
}
