using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansRecorder.Api.Requests;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Api.Events;

/// <summary>
/// Looks at the cycle and the nodes once a second for all listeners of this process together, and only while there are any. After a failure it looks less often, and
/// what changed meanwhile is the difference to the last look that succeeded.
/// </summary>
internal sealed partial class CycleWatcher(Cluster cluster, IOptions<ApiOptions> options, TimeProvider time, ILogger<CycleWatcher> logger)
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
    private Look? _last;

    /// <summary>
    /// Joins; the caller leaves by disposing. The first announcement is <see cref="Announcement.Connected"/>, and comes when there is a look that later ones are
    /// compared with: before it, a change could pass unseen.
    /// </summary>
    public Listener Join()
    {
        var listener = new Listener(Leave);
        lock (_lock)
        {
            _listeners = [.. _listeners, listener];
            if (_last is not null) listener.Offer(Announcement.Connected);
            if (_watch is null)
            {
                _watch = new CancellationTokenSource();
                var nobodyListens = _watch.Token;
                _ = Task.Run(() => Watch(nobodyListens));
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
            _last = null;
        }
    }

    private async Task Watch(CancellationToken nobodyListens)
    {
        var pause = Period;
        while (!nobodyListens.IsCancellationRequested)
        {
            try
            {
                var cycle = cluster.Idempotent(c => c.Cycle().GetSnapshot(), nobodyListens);
                var nodes = cluster.Idempotent(c => c.Cycle().GetNodes(), nobodyListens);
                await Task.WhenAll(cycle, nodes);
                Tell(new Look(await cycle, await nodes), nobodyListens);
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

    private void Tell(Look now, CancellationToken nobodyListens)
    {
        lock (_lock)
        {
            // Another watch may have begun since, with other listeners.
            if (nobodyListens.IsCancellationRequested) return;
            var announcement = _last is null ? Announcement.Connected : Announcement.OfChange(_last, now, _style);
            _last = now;
            if (announcement is null) return;
            foreach (var listener in _listeners) listener.Offer(announcement);
        }
    }

    [LoggerMessage(20, LogLevel.Warning, "The cycle cannot be watched ({Exception}); trying again")]
    private partial void LogBlind(string exception);
}
