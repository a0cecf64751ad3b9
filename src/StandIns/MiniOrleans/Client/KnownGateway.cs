using Orleans.Runtime.Messaging;

namespace Orleans.Runtime;

/// <summary>A gateway as its client knows it: the connection to it, when to try again, and whether it shows signs of life. Used by one task at a time.</summary>
internal sealed class KnownGateway(GatewayTarget target)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(3);
    private int _failures;
    private long _retryAt;
    private Task? _ping;
    private long _pingSent;
    private long _leftAt;

    public GatewayTarget Target { get; } = target;

    public ulong Hash { get; } = Orleans.Runtime.StableHash.Compute(System.Text.Encoding.UTF8.GetBytes(target.Name));

    /// <summary>It is in the list that was read last.</summary>
    public bool IsListed { get; set; } = true;

    public IGatewayConnection? Connection { get; private set; }

    /// <summary>The last attempt to connect.</summary>
    public Task? Connecting { get; private set; }

    public bool IsConnecting => Connecting is { IsCompleted: false };

    public Exception? Failure { get; private set; }

    public bool IsOpen => Connection is { IsOpen: true };

    /// <summary>It has not answered the last question after how life is.</summary>
    public TimeSpan Silence => _ping is { IsCompleted: false } ? TimeSpan.FromMilliseconds(Environment.TickCount64 - _pingSent) : TimeSpan.Zero;

    /// <summary>There is no connection, and it is time for one.</summary>
    public bool IsDue => IsListed && Connection is null && !IsConnecting && Environment.TickCount64 >= _retryAt;

    public void Connect(ClientRuntime client, CancellationToken cancellation, Action done) => Connecting = ConnectAsync(client, cancellation, done);

    /// <summary>Asks it for a sign of life, unless it still owes one.</summary>
    public void Ask(CancellationToken cancellation)
    {
        if (Connection is null || _ping is { IsCompleted: false }) return;
        _pingSent = Environment.TickCount64;
        _ping = Connection.Ping(cancellation);
        // A connection that ends meanwhile tells so itself.
        _ = _ping.ContinueWith(static ping => _ = ping.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>True once it has been left for so long that no call which still saw it open can be on its way to it.</summary>
    public bool IsLeftFor(TimeSpan time)
    {
        if (Connection is not { IsOpen: false } && IsListed) _leftAt = 0;
        else if (_leftAt == 0) _leftAt = Environment.TickCount64;
        return _leftAt != 0 && Environment.TickCount64 - _leftAt >= time.TotalMilliseconds;
    }

    /// <summary>Takes the connection away; its owner from now on is the caller.</summary>
    public IGatewayConnection? Drop()
    {
        var dropped = Connection;
        (Connection, _ping, _leftAt) = (null, null, 0);
        return dropped;
    }

    private async Task ConnectAsync(ClientRuntime client, CancellationToken cancellation, Action done)
    {
        // Off the caller's lock, whatever the connection does at once.
        await Task.Yield();
        try
        {
            Connection = await Target.Connect(client, cancellation).ConfigureAwait(false);
            (Failure, _failures) = (null, 0);
        }
        catch (Exception exception) when (cancellation.IsCancellationRequested || exception is OrleansException or OrleansConfigurationException or OperationCanceledException)
        {
            // An attempt that is called off may break in any way; nobody asks in which.
            Failure = exception;
            _retryAt = Environment.TickCount64 + (long)Math.Min(LastRetry.TotalMilliseconds, FirstRetry.TotalMilliseconds * Math.Pow(2, Math.Min(_failures++, 16)));
        }
        finally
        {
            done();
        }
    }
}
