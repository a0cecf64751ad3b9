using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Metadata;
using Orleans.Runtime.Messaging;
using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>A client of a cluster: connected to all gateways that it finds, each grain through one of them.</summary>
internal sealed partial class ClientRuntime : IMessageSender, IAsyncDisposable
{
    private static readonly TimeSpan ReconnectPeriod = TimeSpan.FromSeconds(1);
    private readonly TimeSpan _refreshPeriod;
    private readonly IServiceProvider _services;
    private readonly string _clusterId;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private ImmutableDictionary<string, IGatewayConnection> _connections = ImmutableDictionary<string, IGatewayConnection>.Empty;
    private IReadOnlyList<GatewayTarget> _known = [];
    private long _refreshed;
    private Task _keeping = Task.CompletedTask;

    public ClientRuntime(
        IServiceProvider services,
        IOptions<ClusterOptions> cluster,
        IOptions<ClientMessagingOptions> messaging,
        IOptions<GatewayOptions> gateways,
        IOptions<ExceptionSerializationOptions> exceptions,
        ILoggerFactory logs)
    {
        _services = services;
        _refreshPeriod = gateways.Value.GatewayListRefreshPeriod;
        _clusterId = cluster.Value.ClusterId;
        _log = logs.CreateLogger("Orleans.Messaging.GatewayManager");
        Exceptions = exceptions.Value;
        MaxFrameSize = messaging.Value.MaxMessageBodySize + RemoteClient.MaxOverhead;
        Caller = new Caller(Id, this, messaging.Value, services.GetServices<IOutgoingGrainCallFilter>(), exceptions.Value);
        GrainFactory = new GrainFactory(Caller, () => Map);
    }

    public GrainId Id { get; } = ClientIds.New();

    public ExceptionSerializationOptions Exceptions { get; }

    /// <summary>Bytes of the longest message that it takes.</summary>
    public int MaxFrameSize { get; }

    public Caller Caller { get; }

    public GrainFactory GrainFactory { get; }

    public GrainTypeMap Map { get; private set; } = GrainTypeMap.Empty;

    private bool HasOpenConnection => _connections.Values.Any(connection => connection.IsOpen);

    /// <exception cref="OrleansConfigurationException">The client does not know where to look.</exception>
    /// <exception cref="SiloUnavailableException">No gateway answers, and the retry filter gives up.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var gateways = _services.GetService<IGatewayList>() ?? throw new OrleansConfigurationException("The client has no clustering: call UseLocalhostClustering or another Use…Clustering.");
        foreach (var type in GrainAssemblies.Types.Where(type => type.IsInterface)) GrainInterface.For(type);
        var filter = _services.GetService<IClientConnectionRetryFilter>() ?? new PatientRetryFilter();
        while (true)
        {
            try
            {
                await ConnectAll(gateways, cancellation).ConfigureAwait(false);
                break;
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                if (!await filter.ShouldRetryConnectionAttempt(exception, cancellation).ConfigureAwait(false)) throw;
            }
        }

        _keeping = Task.Run(() => KeepConnectedAsync(gateways), CancellationToken.None);
    }

    public void Send(Message message)
    {
        var open = _connections.Values.Where(connection => connection.IsOpen).ToArray();
        if (open.Length > 0) open[message.Target.GetUniformHashCode() % open.Length].Send(message);
        else if (message.Kind == MessageKind.Request) Caller.Complete(message.Answer(MessageKind.Unavailable, Wire.WriteText("No gateway is connected.")));
    }

    /// <summary>A gateway delivers.</summary>
    public void Receive(Message message, IGatewayConnection from)
    {
        if (message.IsCall) Caller.Observers.Deliver(message, from.Send);
        else Caller.Complete(message);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _keeping.ConfigureAwait(false);
        foreach (var connection in _connections.Values) await connection.DisposeAsync().ConfigureAwait(false);
        Caller.Pending.FailAll("The client has stopped.");
        Caller.Pending.Dispose();
    }

    private async Task KeepConnectedAsync(IGatewayList gateways)
    {
        using var timer = new PeriodicTimer(ReconnectPeriod);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                try
                {
                    await ConnectAll(gateways, _stopping.Token).ConfigureAwait(false);
                }
                catch (Exception exception) when (!_stopping.IsCancellationRequested)
                {
                    // Calls fail while it lasts; the next round tries again.
                    NotConnected(exception);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The client stops.
        }
    }

    private async Task ConnectAll(IGatewayList gateways, CancellationToken cancellation)
    {
        foreach (var (name, connection) in _connections)
        {
            if (!connection.IsOver) continue;
            _connections = _connections.Remove(name);
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        if (!HasOpenConnection || Environment.TickCount64 - _refreshed >= _refreshPeriod.TotalMilliseconds)
        {
            _known = gateways.Gateways(_clusterId);
            _refreshed = Environment.TickCount64;
        }

        Exception? failure = null;
        foreach (var gateway in _known.Where(gateway => !_connections.ContainsKey(gateway.Name)))
        {
            try
            {
                var connection = await gateway.Connect(this, cancellation).ConfigureAwait(false);
                Map = connection.Map;
                _connections = _connections.Add(gateway.Name, connection);
            }
            catch (OrleansException exception)
            {
                failure = exception;
            }
        }

        if (!HasOpenConnection) throw new SiloUnavailableException("No gateway can be reached.", failure);
    }

    [LoggerMessage(1, LogLevel.Warning, "The cluster cannot be reached")]
    private partial void NotConnected(Exception exception);

    /// <summary>What the real client does by default: 15 attempts more, each a little later.</summary>
    private sealed class PatientRetryFilter : IClientConnectionRetryFilter
    {
        private const int MaxRetries = 15;
        private int _retries;

        public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
        {
            if (exception is not (OrleansMessageRejectionException or ConnectionFailedException) || ++_retries > MaxRetries) return false;
            await Task.Delay(TimeSpan.FromSeconds(1.5) * _retries, cancellationToken).ConfigureAwait(false);
            return true;
        }
    }
}
