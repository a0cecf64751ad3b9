using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Metadata;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>A silo: what it is made of, its start and its stop.</summary>
internal sealed class Silo : IDisposable
{
    private static readonly TimeSpan AnswersAfterLeaving = TimeSpan.FromSeconds(5);
    private readonly Lazy<ICluster> _cluster;
    private readonly Lazy<GrainClasses> _classes;
    private readonly Lazy<ClusterMembershipService> _membership;
    private readonly Lazy<ISiloNetwork?> _network;
    private readonly CancellationTokenSource _stopping = new();
    private readonly DateTime _started = DateTime.UtcNow;
    private Task _collecting = Task.CompletedTask;
    private SiloListener? _listener;
    private LocalReminderService? _reminders;

    public Silo(IServiceProvider services, ILocalSiloDetails details, IOptions<SiloMessagingOptions> messaging, IOptions<GrainCollectionOptions> collection, IOptions<ExceptionSerializationOptions> exceptions)
    {
        Services = services;
        Details = details;
        CollectionOptions = collection.Value;
        Time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        Log = new SiloLog(services.GetRequiredService<ILoggerFactory>());
        Router = new Router(this, messaging.Value.MaxForwardCount);
        Caller = new Caller(ClientIds.New(), Router, messaging.Value, services.GetServices<IOutgoingGrainCallFilter>(), exceptions.Value);
        Catalog = new Catalog(this);
        Collector = new ActivationCollector(Catalog, CollectionOptions);
        Placement = new PlacementService(this);
        Gateway = new Gateway(this);
        IncomingFilters = [.. services.GetServices<IIncomingGrainCallFilter>()];
        _classes = new(() => new GrainClasses(GrainAssemblies.Types, services, new PlacementRules(services.GetServices<PlacementRegistration>())));
        GrainFactory = new GrainFactory(Caller, () => Classes.Map);
        _cluster = new(() => (services.GetService<IClustering>() ?? throw new OrleansConfigurationException(
            "The silo has no clustering: call UseLocalhostClustering or another Use…Clustering.")).Join(details.ClusterId, Address));
        _network = new(services.GetService<ISiloNetwork>);
        _membership = new(() => new ClusterMembershipService(Cluster.Members));
    }

    public IServiceProvider Services { get; }

    public ILocalSiloDetails Details { get; }

    public SiloAddress Address => Details.SiloAddress;

    public GrainCollectionOptions CollectionOptions { get; }

    public TimeProvider Time { get; }

    public SiloLog Log { get; }

    public ICluster Cluster => _cluster.Value;

    public ClusterMembershipService Membership => _membership.Value;

    public GrainClasses Classes => _classes.Value;

    public Router Router { get; }

    public Caller Caller { get; }

    public Catalog Catalog { get; }

    public ActivationCollector Collector { get; }

    public PlacementService Placement { get; }

    public Gateway Gateway { get; }

    /// <summary>To silos of other processes; null when the cluster lives in this one.</summary>
    public ISiloNetwork? Network => _network.Value;

    public IReadOnlyList<IIncomingGrainCallFilter> IncomingFilters { get; }

    public GrainFactory GrainFactory { get; }

    public SiloStatus Status { get; private set; } = SiloStatus.Created;

    /// <summary>Not once it stops.</summary>
    public bool AcceptsActivations => Status is SiloStatus.Joining or SiloStatus.Active;

    public ISiloControl ControlOf(SiloAddress silo) => GrainFactory.GetGrain<ISiloControl>(silo.ToParsableString());

    /// <summary>Whether this silo is a way to the client: through its gateway, or because it is the client of its own host.</summary>
    public bool HasClient(GrainId client) => client == Caller.Self || Gateway.Has(client);

    public async Task StartAsync(CancellationToken cancellation)
    {
        CheckConfiguration();
        _ = Cluster;
        LocalSilos.Add(this);
        try
        {
            if (Network is not null) await Network.Start(cancellation).ConfigureAwait(false);
            await Membership.Start().ConfigureAwait(false);
            Membership.Updated += OnMembersChanged;
            await Announce(SiloStatus.Joining, cancellation).ConfigureAwait(false);
            await Cluster.Clients.Register(Caller.Self, Address).ConfigureAwait(false);
            _ = Services.GetService<ISiloMetadataCache>();
            if (Network is null) _listener = await SiloListener.Start(this, acceptSilo: null).ConfigureAwait(false);
            await Announce(SiloStatus.Active, cancellation).ConfigureAwait(false);
            _reminders = Services.GetService<LocalReminderService>();
            if (_reminders is not null) await _reminders.StartAsync().ConfigureAwait(false);
            _collecting = Task.Run(() => Collector.RunAsync(_stopping.Token), CancellationToken.None);
            Gateway.Open();
            await RunStartupTasks(cancellation).ConfigureAwait(false);
            Log.Started(Address, Details.Name, Details.ClusterId);
        }
        catch
        {
            await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Grains end first, their running requests before them; what is not over when the token fires is cut off.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        if (Status is SiloStatus.Created)
        {
            Caller.Pending.Dispose();
            LocalSilos.Remove(this);
            if (_network is { IsValueCreated: true, Value: { } unused }) await unused.DisposeAsync().ConfigureAwait(false);
        }

        if (Status is SiloStatus.Created or SiloStatus.Dead) return;
        Gateway.Close();
        await Announce(SiloStatus.ShuttingDown).ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _collecting.ConfigureAwait(false);
        if (_reminders is not null) await _reminders.DisposeAsync().ConfigureAwait(false);
        try
        {
            await Catalog.DeactivateAll(new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The silo stops."), cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Log.StopCutShort(Address);
            Catalog.Abandon();
        }

        if (!cancellation.IsCancellationRequested) await Leave(cancellation).ConfigureAwait(false);
        await Announce(SiloStatus.Dead).ConfigureAwait(false);
        LocalSilos.Remove(this);
        Gateway.Drop();
        Membership.Dispose();
        Caller.Pending.FailAll($"The silo {Address} has stopped.");
        Caller.Pending.Dispose();
        if (Network is not null) await Network.DisposeAsync().ConfigureAwait(false);
        if (_listener is not null) await _listener.DisposeAsync().ConfigureAwait(false);
        Log.Stopped(Address);
    }

    /// <summary>The host is disposed without having been stopped.</summary>
    public void Dispose() => StopAsync(new CancellationToken(canceled: true)).GetAwaiter().GetResult();

    private void CheckConfiguration()
    {
        var cluster = Services.GetRequiredService<IOptions<ClusterOptions>>().Value;
        if (string.IsNullOrWhiteSpace(cluster.ClusterId) || string.IsNullOrWhiteSpace(cluster.ServiceId)) throw new OrleansConfigurationException("ClusterId and ServiceId must not be blank.");
        if (Address.Endpoint.Port == 0) throw new OrleansConfigurationException("SiloPort must not be 0.");
        if (CollectionOptions.CollectionAge <= CollectionOptions.CollectionQuantum) throw new OrleansConfigurationException("CollectionAge must be more than CollectionQuantum.");
        if (Services.GetService<IHostEnvironment>()?.IsDevelopment() == true && Classes.FindMissingCodec() is { } missing)
            throw new OrleansConfigurationException($"{missing.Type} cannot cross the call {missing.Method.Interface.Name}.{missing.Method.Name}: give it [GenerateSerializer].");
    }

    /// <summary>The grains have ended. What is still on its way through this silo, to or from clients and other silos, gets through.</summary>
    private async Task Leave(CancellationToken cancellation)
    {
        try
        {
            if (Network is not null) await Network.Leave(cancellation).ConfigureAwait(false);
            await Gateway.Drained(cancellation).ConfigureAwait(false);
            await Router.Quiet(cancellation).ConfigureAwait(false);
            // Once more: who hears of the death listens no longer to what was sent on meanwhile.
            if (Network is not null) await Network.Leave(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Log.StopCutShort(Address);
        }
    }

    private async Task RunStartupTasks(CancellationToken cancellation)
    {
        foreach (var stage in Services.GetServices<StartupTask>().GroupBy(task => task.Stage).OrderBy(stage => stage.Key))
            await Task.WhenAll(stage.Select(task => task.Run(Services, cancellation))).ConfigureAwait(false);
    }

    private ValueTask Announce(SiloStatus status, CancellationToken cancellation = default)
    {
        Status = status;
        return Cluster.Members.Write(new MembershipEntry
        {
            SiloAddress = Address,
            Status = status,
            SiloName = Details.Name,
            HostName = Details.DnsHostName,
            ProxyPort = Details.GatewayAddress.Endpoint.Port,
            StartTime = _started,
            IAmAliveTime = DateTime.UtcNow,
        }, cancellation);
    }

    private async Task FailThoseAt(SiloAddress dead, TimeSpan after)
    {
        if (after > TimeSpan.Zero) await Task.Delay(after).ConfigureAwait(false);
        Caller.Pending.FailThoseAt(dead);
    }

    private void OnMembersChanged(ClusterMembershipSnapshot before, ClusterMembershipSnapshot now)
    {
        foreach (var member in now.Members.Values)
        {
            if (member.Status != SiloStatus.Dead || before.GetSiloStatus(member.SiloAddress) == SiloStatus.Dead) continue;
            _ = Cluster.Directory.UnregisterSilo(member.SiloAddress).AsTask();
            _ = Cluster.Clients.UnregisterSilo(member.SiloAddress).AsTask();
            if (member.SiloAddress.Equals(Address)) continue;
            Network?.Abandon(member.SiloAddress);
            // What a silo that stopped in order did not answer itself it has sent on, and the answer comes from there.
            var left = before.GetSiloStatus(member.SiloAddress) is SiloStatus.ShuttingDown or SiloStatus.Stopping;
            _ = FailThoseAt(member.SiloAddress, left ? AnswersAfterLeaving : TimeSpan.Zero);
        }
    }
}
