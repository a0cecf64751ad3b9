using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Nodes;

/// <summary>
/// Tells CycleGrain once a second how far this node's captures are: one batch, however many they are, and never a second one before the
/// first was taken. When the process is told to stop, it ends the captures while everything that they need still runs.
/// </summary>
internal sealed partial class ProgressReporter(
    CaptureNode node, IGrainFactory grains, IOptions<NodeOptions> options, TimeProvider time, ILogger<ProgressReporter> logger) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(5);
    private bool _isFailing;

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var undelivered = await node.Drain(options.Value.DrainLimit, time);
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
        using var timer = new PeriodicTimer(options.Value.ProgressPeriod, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await ReportOnce(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private async Task ReportOnce(CancellationToken stoppingToken)
    {
        var progress = node.Progress();
        try
        {
            await grains.GetGrain<ICycleGrain>(ICycleGrain.Key).Report(new NodeReport { Node = node.Name, Archive = node.Name, Life = node.Life, Capacity = int.MaxValue, Captures = progress }).WaitAsync(CallLimit, time, stoppingToken);
            _isFailing = false;
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            // The next batch holds all that this one did.
            if (!_isFailing) LogFailed(exception);
            _isFailing = true;
        }
    }

    [LoggerMessage(2201, LogLevel.Warning, "Progress was not taken; trying on quietly.")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(2202, LogLevel.Warning, "{Captures} captures had not ended, or their results were not taken, when the node shut down; they count as interrupted.")]
    private partial void LogUndelivered(int captures);
}
