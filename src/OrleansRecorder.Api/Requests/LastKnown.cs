using Microsoft.Extensions.Logging;

namespace OrleansRecorder.Api.Requests;

/// <summary>
/// Something that the cluster knows, which goes on to be used as it was last known while the cluster does not answer: the first who waits in vain waits a
/// little, whoever comes after gets the last value at once, and one attempt a second finds out when it is over.
/// </summary>
/// <param name="what">For the log.</param>
/// <param name="read">Asks the cluster.</param>
/// <param name="freshFor">So long an answer is used again without asking; zero always asks.</param>
/// <param name="time">Counts it.</param>
/// <param name="logger">Hears when the cluster stops to answer, and when it answers again.</param>
internal sealed partial class LastKnown<T>(string what, Func<Task<T>> read, TimeSpan freshFor, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProbePause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Answer? _last;
    private bool _isStale;
    private Task _probe = Task.CompletedTask;
    private long _probedAt;

    /// <summary>The value, and whether it is an old one because the cluster does not answer. Throws what reading threw while none is known.</summary>
    public async ValueTask<(T Value, bool IsStale)> Get(CancellationToken cancellation)
    {
        Answer? last;
        lock (_lock)
        {
            last = _last;
            if (last is not null && _isStale) return (Probe(last), true);
            if (last is not null && time.GetElapsedTime(last.AskedAt) < freshFor) return (last.Value, false);
        }

        if (last is null) return (await Read().WaitAsync(cancellation), false);
        try
        {
            return (await Read().WaitAsync(Patience, time, cancellation), false);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            lock (_lock)
            {
                _isStale = true;
                _probedAt = time.GetTimestamp();
            }

            LogStale(what, exception.GetType().Name);
            return (last.Value, true);
        }
    }

    private T Probe(Answer last)
    {
        if (_probe.IsCompleted && time.GetElapsedTime(_probedAt) >= ProbePause)
        {
            _probedAt = time.GetTimestamp();
            _probe = Task.Run(async () =>
            {
                try
                {
                    await Read();
                    LogFresh(what);
                }
                catch (Exception exception)
                {
                    // Still nobody answers; the next second asks again.
                    LogStill(what, exception.GetType().Name);
                }
            });
        }

        return last.Value;
    }

    private async Task<T> Read()
    {
        var askedAt = time.GetTimestamp();
        var value = await read();
        lock (_lock)
        {
            // An answer that was overtaken by a later one says nothing new.
            if (_last is null || _last.AskedAt <= askedAt) _last = new Answer(value, askedAt);
            _isStale = false;
        }

        return value;
    }

    [LoggerMessage(30, LogLevel.Warning, "The cluster does not tell {What} ({Exception}); it is used as last known")]
    private partial void LogStale(string what, string exception);

    [LoggerMessage(31, LogLevel.Information, "The cluster tells {What} again")]
    private partial void LogFresh(string what);

    [LoggerMessage(32, LogLevel.Debug, "The cluster still does not tell {What} ({Exception})")]
    private partial void LogStill(string what, string exception);

    private sealed record Answer(T Value, long AskedAt);
}
