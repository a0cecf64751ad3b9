using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Metadata;
using Orleans.Runtime.Messaging;
using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>A client of a cluster: connected to all gateways that it finds, each grain through one of them.</summary>
internal sealed class ClientRuntime : IMessageSender, IAsyncDisposable
{
    private readonly IServiceProvider _services;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<GatewayManager> _gateways;
    private Task _keeping = Task.CompletedTask;

    public ClientRuntime(
        IServiceProvider services,
        ClusterSecret secret,
        IOptions<ClusterOptions> cluster,
        IOptions<ClientMessagingOptions> messaging,
        IOptions<GatewayOptions> gateways,
        IOptions<ExceptionSerializationOptions> exceptions,
        ILoggerFactory logs)
    {
        _services = services;
        Secret = secret;
        ClusterId = cluster.Value.ClusterId;
        MaxBodySize = messaging.Value.MaxMessageBodySize;
        Caller = new Caller(Id, this, messaging.Value, services.GetServices<IOutgoingGrainCallFilter>(), exceptions.Value);
        GrainFactory = new GrainFactory(Caller, () => Map);
        _gateways = new(() => new GatewayManager(
            this,
            services.GetService<IGatewayList>() ?? throw new OrleansConfigurationException("The client has no clustering: call UseLocalhostClustering or another Use…Clustering."),
            gateways.Value.GatewayListRefreshPeriod,
            services.GetServices<IClusterConnectionStatusObserver>(),
            logs.CreateLogger("Orleans.Messaging.GatewayManager")));
    }

    public IServiceProvider Services => _services;

    public GrainId Id { get; } = ClientIds.New();

    public ClusterSecret Secret { get; }

    public string ClusterId { get; }

    /// <summary>Bytes of the longest message that it takes.</summary>
    public int MaxBodySize { get; }

    public Caller Caller { get; }

    public GrainFactory GrainFactory { get; }

    public GatewayManager Gateways => _gateways.Value;

    public GrainTypeMap Map { get; set; } = GrainTypeMap.Empty;

    /// <exception cref="OrleansConfigurationException">The client does not know where to look, or the gateways refuse it for good.</exception>
    /// <exception cref="SiloUnavailableException">No gateway answers, and the retry filter gives up.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        _ = Gateways;
        foreach (var type in GrainAssemblies.Types.Where(type => type.IsInterface)) GrainInterface.For(type);
        var filter = _services.GetService<IClientConnectionRetryFilter>() ?? new PatientRetryFilter();
        while (true)
        {
            try
            {
                await Gateways.ConnectFirst(cancellation).ConfigureAwait(false);
                break;
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                if (!await filter.ShouldRetryConnectionAttempt(exception, cancellation).ConfigureAwait(false)) throw;
            }
        }

        _keeping = Ambient.Without(() => Task.Run(() => Gateways.RunAsync(_stopping.Token), CancellationToken.None));
    }

    public void Send(Message message)
    {
        while (Gateways.Choose(message.Target) is { } gateway)
        {
            message.Via = gateway;
            if (gateway.Send(message)) return;
            // One that is over is not chosen again; one that is not has too much to do.
            if (!gateway.IsOpen) continue;
            if (message.Kind == MessageKind.Request) Caller.Complete(message.Answer(MessageKind.Rejection, Wire.WriteText("Too much waits for the gateway.")));
            return;
        }

        if (message.Kind == MessageKind.Request) Caller.Complete(message.Answer(MessageKind.Unavailable, Wire.WriteText("No gateway is connected.")));
    }

    /// <summary>A gateway delivers.</summary>
    public void Receive(Message message, IGatewayConnection from)
    {
        if (message.IsCall) Caller.Observers.Deliver(message, answer => Answer(answer, from));
        else Caller.Complete(message);
    }

    /// <summary>A connection has ended: what it did not write goes another way, and what waits for an answer through it gets none.</summary>
    public void Lost(IGatewayConnection connection, string why)
    {
        foreach (var message in connection.TakeUnwritten()) Send(message);
        Caller.Pending.FailThoseVia(connection, $"The connection to the gateway was lost during the call: {why}");
        Gateways.Wake(readList: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _keeping.ConfigureAwait(false);
        if (_gateways.IsValueCreated) await Gateways.CloseAll().ConfigureAwait(false);
        Caller.Pending.FailAll("The client has stopped.");
        Caller.Pending.Dispose();
    }

    private void Answer(Message answer, IGatewayConnection from)
    {
        if (!from.Send(answer)) Send(answer);
    }

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
