using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Orleans.Runtime;

/// <summary>
/// Keeps a client connected to all gateways: reads the list again and again, connects side by side, asks for signs of life, leaves who says goodbye.
/// A grain's calls go through one gateway as long as that one is there; when one goes, only its share moves.
/// </summary>
internal sealed partial class GatewayManager(ClientRuntime client, IGatewayList list, TimeSpan refreshPeriod, IEnumerable<IClusterConnectionStatusObserver> observers, ILogger log)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeavingPeriod = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LeavingTime = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ReadTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(1);

    /// <summary>A gateway that is silent for so long gets no new calls while there is another.</summary>
    private static readonly TimeSpan SuspiciousSilence = TimeSpan.FromSeconds(3);

    /// <summary>And one that is silent for so long is lost, with the calls that wait there.</summary>
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(15);

    private readonly IClusterConnectionStatusObserver[] _observers = [.. observers];
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Dictionary<string, KnownGateway> _known = [];
    private ImmutableArray<(ulong Hash, IGatewayConnection Connection)> _open = [];
    private long _readAt;
    private bool _mustRead = true;
    private bool _wasHeard;

    public bool HasOpen => !_open.IsEmpty;

    /// <summary>The gateway for a grain's calls; null when there is none.</summary>
    public IGatewayConnection? Choose(GrainId grain)
    {
        var hash = grain.GetUniformHashCode();
        IGatewayConnection? best = null;
        var highest = 0UL;
        foreach (var (gateway, connection) in _open)
        {
            var score = Mix(gateway << 32 | hash);
            if (!connection.IsOpen || (best is not null && score <= highest)) continue;
            (best, highest) = (connection, score);
        }

        return best;
    }

    /// <summary>Something has changed: looks at once.</summary>
    public void Wake(bool readList = false)
    {
        if (readList) Volatile.Write(ref _mustRead, true);
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }

    /// <summary>Connects to all; returns as soon as there is a way and the others have had a moment.</summary>
    /// <exception cref="SiloUnavailableException">No gateway answers, or there is none.</exception>
    /// <exception cref="OrleansConfigurationException">The gateways refuse this client for good.</exception>
    public async Task ConnectFirst(CancellationToken cancellation)
    {
        await ReadList(cancellation).ConfigureAwait(false);
        if (_known.Count == 0) throw new SiloUnavailableException("There is no gateway.");
        ConnectDue(cancellation, atOnce: true);
        var connecting = _known.Values.Select(gateway => gateway.Connecting).OfType<Task>().ToList();
        var all = Task.WhenAll(connecting);
        while (!all.IsCompleted && !_known.Values.Any(gateway => gateway.IsOpen)) await Task.WhenAny(connecting.Where(task => !task.IsCompleted).Append(all)).ConfigureAwait(false);
        await Task.WhenAny(all, Task.Delay(StartTime, cancellation)).ConfigureAwait(false);
        Publish();
        if (HasOpen) return;
        cancellation.ThrowIfCancellationRequested();
        var failures = _known.Values.Select(gateway => gateway.Failure).OfType<Exception>().ToList();
        throw failures.OfType<OrleansConfigurationException>().FirstOrDefault() as Exception ?? new SiloUnavailableException("No gateway can be reached.", failures.FirstOrDefault());
    }

    /// <summary>Goes on until the token fires.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var leaving = _known.Values.Any(gateway => gateway.Connection is { } connection && (!connection.IsOpen || !gateway.IsListed));
                await _wake.WaitAsync(leaving ? LeavingPeriod : Period, cancellation).ConfigureAwait(false);
                await TryReadList(cancellation).ConfigureAwait(false);
                ConnectDue(cancellation, atOnce: false);
                foreach (var gateway in _known.Values) gateway.Ask(cancellation);
                Publish();
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // The client stops.
            }
        }
    }

    public async ValueTask CloseAll()
    {
        var all = _known.Values.ToList();
        _open = [];
        await Task.WhenAll(all.Select(gateway => gateway.Connecting).OfType<Task>()).ConfigureAwait(false);
        await Task.WhenAll(all.Select(gateway => gateway.Drop()).OfType<IGatewayConnection>().Select(connection => connection.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }

    private async Task TryReadList(CancellationToken cancellation)
    {
        if (!Volatile.Read(ref _mustRead) && HasOpen && Environment.TickCount64 - _readAt < refreshPeriod.TotalMilliseconds) return;
        try
        {
            await ReadList(cancellation).ConfigureAwait(false);
            _wasHeard = true;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            // What was known before goes on; the next refresh tries again.
            if (_wasHeard) NotRead(exception);
            _wasHeard = false;
            Volatile.Write(ref _mustRead, false);
            _readAt = Environment.TickCount64;
        }
    }

    private async Task ReadList(CancellationToken cancellation)
    {
        Volatile.Write(ref _mustRead, false);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(ReadTime);
        var targets = await list.Read(client.ClusterId, deadline.Token).ConfigureAwait(false);
        _readAt = Environment.TickCount64;
        foreach (var gateway in _known.Values) gateway.IsListed = false;
        foreach (var target in targets)
        {
            if (_known.TryGetValue(target.Name, out var known)) known.IsListed = true;
            else _known.Add(target.Name, new KnownGateway(target));
        }
    }

    private void ConnectDue(CancellationToken cancellation, bool atOnce)
    {
        foreach (var gateway in _known.Values)
        {
            if (gateway.IsDue || (atOnce && gateway is { Connection: null, IsConnecting: false })) gateway.Connect(client, cancellation, () => Wake());
        }
    }

    /// <summary>Takes away what is over or left, and tells who calls, and who observes, what there is now.</summary>
    private void Publish()
    {
        foreach (var gateway in _known.Values.ToList())
        {
            if (gateway.Connection is { } connection && IsDone(gateway, connection)) _ = gateway.Drop()!.DisposeAsync().AsTask();
            if (gateway is { IsListed: false, Connection: null, IsConnecting: false }) _known.Remove(gateway.Target.Name);
        }

        var usable = _known.Values.Where(gateway => gateway is { IsOpen: true, IsListed: true }).ToList();
        var lively = usable.Where(gateway => gateway.Silence < SuspiciousSilence).ToList();
        var chosen = lively.Count > 0 ? lively : usable;
        var before = _open.Length;
        _open = [.. chosen.Select(gateway => (gateway.Hash, gateway.Connection!))];
        if (chosen.Count > 0) client.Map = chosen[^1].Connection!.Map;
        if (before != _open.Length) Notify(before, _open.Length);
    }

    private bool IsDone(KnownGateway gateway, IGatewayConnection connection) =>
        connection.IsOver || gateway.Silence > MaxSilence || (gateway.IsLeftFor(LeavingTime) && !client.Caller.Pending.HasAnyVia(connection));

    private void Notify(int before, int now)
    {
        if (now == 0) Lost();
        else Changed(now, before);
        foreach (var observer in _observers)
        {
            try
            {
                observer.NotifyGatewayCountChanged(now, before, before == 0 && now > 0);
                if (now == 0) observer.NotifyClusterConnectionLost();
            }
            catch (Exception exception)
            {
                // An observer's own fault; the connections go on.
                ObserverFailed(exception);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "No gateway is connected: calls fail until one is")]
    private partial void Lost();

    [LoggerMessage(4, LogLevel.Information, "{Now} gateways are connected, {Before} were before")]
    private partial void Changed(int now, int before);

    [LoggerMessage(2, LogLevel.Warning, "The list of gateways could not be read; those that are known stay")]
    private partial void NotRead(Exception exception);

    [LoggerMessage(3, LogLevel.Error, "An observer of the cluster's connection failed")]
    private partial void ObserverFailed(Exception exception);
}
