using System.Collections.Concurrent;

namespace Orleans.Runtime;

/// <summary>Calls that wait for their answers.</summary>
internal sealed class PendingCalls : IDisposable
{
    private static readonly TimeSpan CheckPeriod = TimeSpan.FromMilliseconds(250);
    private readonly ConcurrentDictionary<long, PendingCall> _calls = new();
    private readonly Timer _timer;
    private long _lastId;

    public PendingCalls() =>
        _timer = Ambient.Without(() => new Timer(static self => ((PendingCalls)self!).ExpireOld(), this, CheckPeriod, CheckPeriod));

    public long NextId() => Interlocked.Increment(ref _lastId);

    public PendingCall Add(Message message, GrainMethod method, TimeSpan timeout)
    {
        var call = new PendingCall(message, method, timeout);
        _calls[message.Id] = call;
        return call;
    }

    public bool Remove(long id) => _calls.TryRemove(id, out _);

    public void Complete(Message answer, Wire wire)
    {
        if (_calls.TryRemove(answer.Id, out var call)) call.Complete(answer, wire);
    }

    /// <summary>A silo is dead: what was on its way there gets no answer.</summary>
    public void FailThoseAt(SiloAddress silo)
    {
        foreach (var (id, call) in _calls)
        {
            if (silo.Equals(call.TargetSilo) && _calls.TryRemove(id, out _)) call.Fail(new SiloUnavailableException($"The silo {silo} died during the call."));
        }
    }

    /// <summary>A gateway is lost: what went through it gets no answer.</summary>
    public void FailThoseVia(object gateway, string why)
    {
        foreach (var (id, call) in _calls)
        {
            if (call.WentVia(gateway) && _calls.TryRemove(id, out _)) call.Fail(new SiloUnavailableException(why));
        }
    }

    /// <summary>Some call still waits for an answer through the gateway.</summary>
    public bool HasAnyVia(object gateway) => _calls.Values.Any(call => call.WentVia(gateway));

    /// <summary>The host stops.</summary>
    public void FailAll(string why)
    {
        foreach (var (id, call) in _calls)
        {
            if (_calls.TryRemove(id, out _)) call.Fail(new SiloUnavailableException(why));
        }
    }

    public void Dispose() => _timer.Dispose();

    private void ExpireOld()
    {
        foreach (var (id, call) in _calls)
        {
            if (call.IsLate && _calls.TryRemove(id, out _)) call.Expire();
        }
    }
}

/// <summary>A call that waits for its answer.</summary>
internal sealed class PendingCall(Message message, GrainMethod method, TimeSpan timeout)
{
    private readonly TaskCompletionSource<object?> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _started = Environment.TickCount64;
    private CancellationTokenRegistration _cancellation;

    public Task<object?> Task => _completion.Task;

    public SiloAddress? TargetSilo => message.TargetSilo;

    public bool WentVia(object gateway) => ReferenceEquals(message.Via, gateway);

    public bool IsLate => timeout != Timeout.InfiniteTimeSpan && Environment.TickCount64 - _started >= timeout.TotalMilliseconds;

    /// <summary>The caller gives up at once; the callee hears of it a moment later.</summary>
    public void CancelWith(CancellationToken cancellation, Action tellCallee) => _cancellation = cancellation.UnsafeRegister(_ =>
    {
        if (_completion.TrySetCanceled(cancellation)) tellCallee();
    }, null);

    public void Complete(Message answer, Wire wire)
    {
        _cancellation.Dispose();
        try
        {
            switch (answer.Kind)
            {
                case MessageKind.Result: _completion.TrySetResult(method.ReadResult(wire.Read(answer.Body))); break;
                case MessageKind.Error: Fail(wire.ReadException(answer.Body)); break;
                case MessageKind.Unavailable: Fail(new SiloUnavailableException(Wire.ReadText(answer.Body))); break;
                default: Fail(new OrleansMessageRejectionException(Wire.ReadText(answer.Body))); break;
            }
        }
        catch (Exception exception)
        {
            // What cannot be read is the answer's fault, and the caller's to know.
            _completion.TrySetException(exception);
        }
    }

    public void Fail(Exception exception)
    {
        _cancellation.Dispose();
        if (exception is OperationCanceledException cancelled) _completion.TrySetException(cancelled);
        else _completion.TrySetException(exception);
    }

    public void Expire() => Fail(new TimeoutException(
        $"No answer to {method.Interface.Name}.{method.Name} of {message.Target} within {timeout}; it was sent to {message.TargetSilo?.ToString() ?? "a gateway"}."));
}
