using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansRecorder.Api.Requests;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Api.Events;

/// <summary>
/// Looks at the cycle once a second for all listeners of this process together, and only while there are any. After a failure it looks less often, and
/// what changed meanwhile is the difference to the last look that succeeded.
/// </summary>
internal sealed partial class CycleWatcher(IClusterClient cluster, IOptions<ApiOptions> options, TimeProvider time, ILogger<CycleWatcher> logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly DocumentStyle _style = new()
    {
        TimeZone = time.LocalTimeZone,
        EpochForUnfinished = options.Value.UnfinishedTime == UnfinishedTime.Epoch,
    };

    private Listener[] _listeners = [];
    private CancellationTokenSource? _watch;

    /// <summary>Joins; the caller leaves by disposing.</summary>
    public Listener Join()
    {
        var listener = new Listener(Leave);
        lock (_lock)
        {
            _listeners = [.. _listeners, listener];
            if (_watch is null)
            {
                _watch = new CancellationTokenSource();
                _ = Watch(_watch.Token);
            }
        }

        return listener;
    }

    private void Leave(Listener listener)
    {
        lock (_lock)
        {
            _listeners = [.. _listeners.Where(other => other != listener)];
            if (_listeners.Length > 0) return;
            _watch?.Cancel();
            _watch = null;
        }
    }

    private async Task Watch(CancellationToken nobodyListens)
    {
        CycleSnapshot? last = null;
        var pause = Period;
        while (!nobodyListens.IsCancellationRequested)
        {
            try
            {
                var now = await cluster.Cycle().GetSnapshot().WaitAsync(nobodyListens);
                if (last is not null && CycleChange.Between(last, now, _style) is { } change) Publish(change);
                last = now;
                pause = Period;
            }
            catch (Exception e) when (!nobodyListens.IsCancellationRequested)
            {
                // Listeners stay: what they miss is told when the cluster is back.
                LogBlind(e.GetType().Name);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(pause, time, nobodyListens).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Publish(CycleChange change)
    {
        Listener[] listeners;
        lock (_lock) listeners = _listeners;
        foreach (var listener in listeners) listener.Offer(change);
    }

    [LoggerMessage(20, LogLevel.Warning, "The cycle cannot be watched ({Exception}); trying again")]
    private partial void LogBlind(string exception);
}
