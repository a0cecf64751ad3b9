using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.CodeGeneration;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Core;
using Orleans.Metadata;
using Orleans.Placement;
using Orleans.Runtime.Messaging;
using Orleans.Runtime.Placement;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.TestingHost;

namespace MiniOrleans.Tests.ApiSurface;

// Never runs: that it compiles is the proof that the API which the product may use is there, with these names, on both engines.
// What the behaviour tests call is not repeated.

[Version(1), Alias("surface")]
public interface ISurfaceGrain : IGrainWithStringKey
{
    [Alias("Use")]
    Task Use([Immutable] byte[] bytes, CancellationToken cancellationToken = default);

    [AlwaysInterleave, ReadOnly, ResponseTimeout("00:00:05")]
    ValueTask<int> Look();
}

[GrainType("surface"), CollectionAgeLimit(Minutes = 2)]
public sealed class SurfaceGrain([PersistentState("surface")] IPersistentState<SurfaceState> state) : Grain, ISurfaceGrain, IRemindable
{
    private IGrainTimer? _timer;

    public async Task Use(byte[] bytes, CancellationToken cancellationToken)
    {
        var (now, options) = (TimeSpan.Zero, new GrainTimerCreationOptions(TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        _timer = this.RegisterGrainTimer(() => Task.CompletedTask, options);
        _timer = this.RegisterGrainTimer(() => Task.CompletedTask, now, now);
        _timer = this.RegisterGrainTimer(cancellation => Task.Delay(1, cancellation), options);
        _timer = this.RegisterGrainTimer(cancellation => Task.Delay(1, cancellation), now, now);
        _timer = this.RegisterGrainTimer(Tick, "state", options);
        _timer = this.RegisterGrainTimer(Tick, "state", now, now);
        _timer = this.RegisterGrainTimer(TickWithoutToken, "state", options);
        _timer = this.RegisterGrainTimer(TickWithoutToken, "state", now, now);

        IStorage<SurfaceState> storage = state;
        await storage.ReadStateAsync(cancellationToken);
        await storage.WriteStateAsync(cancellationToken);
        await storage.ClearStateAsync(cancellationToken);

        GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "done"));
        await GrainContext.Deactivated;
        _ = (GrainContext.GrainInstance, GrainContext.ActivationServices, GrainContext.GrainId, ServiceProvider, IdentityString, RuntimeIdentity);
        _ = (this.GetGrainId(), this.GetPrimaryKeyString(), this.AsReference<ISurfaceGrain>().Cast<IRemindable>());
        using var suppressed = RequestContext.AllowCallChainReentrancy();
        _ = (RequestContext.Keys, RequestContext.Remove("key"));
    }

    public ValueTask<int> Look() => new(state.State.Number);

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    private static Task Tick(string state, CancellationToken cancellationToken) => Task.CompletedTask;

    private static Task TickWithoutToken(string state) => Task.CompletedTask;
}

[GenerateSerializer]
public sealed class SurfaceState
{
    [Id(0)] public int Number { get; set; }
}

[CollectionAgeLimit("00:05:00"), PreferLocalPlacement, GrainType("surface.by-text")]
public sealed class AgeByTextGrain : Grain;

[CollectionAgeLimit(AlwaysActive = true), RandomPlacement, GrainType("surface.always")]
public sealed class AlwaysActiveGrain : Grain;

/// <summary>A strategy whose attribute carries a value.</summary>
public sealed class ZonePlacement : PlacementStrategy
{
    private string _zone = "";

    public ZonePlacement() : this("")
    {
    }

    public ZonePlacement(string zone) => _zone = zone;

    public override bool IsUsingGrainDirectory => true;

    public override void Initialize(GrainProperties properties)
    {
        if (properties.Properties.TryGetValue("zone", out var zone)) _zone = zone;
    }

    public override void PopulateGrainProperties(IServiceProvider services, Type grainClass, GrainType grainType, Dictionary<string, string> properties) => properties["zone"] = _zone;
}

public sealed class ZoneDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        _ = (target.InterfaceType, target.InterfaceVersion, context.LocalSilo, context.LocalSiloStatus);
        var silos = context.GetCompatibleSilos(target);
        return Task.FromResult(IPlacementDirector.GetPlacementHint(target.RequestContextData, silos) ?? silos[0]);
    }
}

public sealed class SurfaceFilter : IIncomingGrainCallFilter, IOutgoingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context)
    {
        _ = (context.Grain, context.TargetId, context.SourceId, context.InterfaceName, context.InterfaceMethod, context.ImplementationMethod, context.TargetContext);
        return context.Invoke();
    }

    public Task Invoke(IOutgoingGrainCallContext context) => context.Invoke();
}

public sealed class SurfaceStartup : IStartupTask
{
    public Task Execute(CancellationToken cancellationToken) => Task.CompletedTask;
}

public sealed class NeverRetry : IClientConnectionRetryFilter
{
    public Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken) => Task.FromResult(false);
}

public sealed class SurfaceStatus : IClusterConnectionStatusObserver
{
    public void NotifyClusterConnectionLost()
    {
        // Only to be there.
    }

    public void NotifyGatewayCountChanged(int currentNumberOfGateways, int previousNumberOfGateways, bool connectionRecovered)
    {
        // Only to be there.
    }
}

public static class SurfaceHosts
{
    public static void OnEveryKindOfHost(HostApplicationBuilder application, IHostBuilder host, WebApplicationBuilder web)
    {
        application.UseOrleans(Silo);
        web.UseOrleans(Silo);
        host.UseOrleans(silo => Silo(silo));
        host.UseOrleans((_, silo) => Silo(silo));
        application.UseOrleansClient(Client);
        web.UseOrleansClient(Client);
        host.UseOrleansClient(client => Client(client));
        host.UseOrleansClient((_, client) => Client(client));
    }

    private static void Silo(ISiloBuilder silo)
    {
        _ = (silo.Services, silo.Configuration);
        silo.UseLocalhostClustering(siloPort: 1, gatewayPort: 2, primarySiloEndpoint: null, serviceId: "service", clusterId: "cluster")
            .ConfigureEndpoints(1, 2)
            .ConfigureEndpoints(IPAddress.Loopback, 1, 2, listenOnAnyHostAddress: true)
            .ConfigureEndpoints("localhost", 1, 2, AddressFamily.InterNetwork, listenOnAnyHostAddress: true)
            .UseAdoNetClustering((AdoNetClusteringSiloOptions options) => (options.Invariant, options.ConnectionString, options.DataSource) = ("Npgsql", "Host=database", null))
            .AddMemoryGrainStorageAsDefault()
            .AddAdoNetGrainStorageAsDefault((AdoNetGrainStorageOptions options) => options.InitStage = 1)
            .UseInMemoryReminderService()
            .AddReminders()
            .AddStartupTask<SurfaceStartup>(stage: ServiceLifecycleStage.Active)
            .AddIncomingGrainCallFilter(new SurfaceFilter())
            .AddIncomingGrainCallFilter(context => context.Invoke())
            .AddOutgoingGrainCallFilter<SurfaceFilter>()
            .AddPlacementDirector<ZonePlacement, ZoneDirector>()
            .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Debug))
            .Configure<SiloOptions>(options => options.SiloName = "name")
            .Configure<EndpointOptions>(options => (options.AdvertisedIPAddress, options.SiloPort, options.GatewayPort) = (IPAddress.Loopback, 1, 0))
            .Configure<EndpointOptions>(options => options.SiloListeningEndpoint = options.GatewayListeningEndpoint = new IPEndPoint(IPAddress.Any, 1))
            .Configure<GrainCollectionOptions>(options =>
            {
                options.ActivationTimeout = options.DeactivationTimeout = TimeSpan.FromSeconds(1);
                options.ClassSpecificCollectionAge[typeof(SurfaceGrain).FullName!] = TimeSpan.FromMinutes(2);
            })
            .Configure<SiloMessagingOptions>(options => (options.MaxForwardCount, options.MaxMessageBodySize) = (2, 1 << 20))
            .Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.Add("Surface"));
        silo.Services.AddPlacementDirector<ZonePlacement, ZoneDirector>();
    }

    private static void Client(IClientBuilder client)
    {
        _ = (client.Services, client.Configuration);
        client.UseLocalhostClustering(gatewayPort: 1, serviceId: "service", clusterId: "cluster")
            .UseLocalhostClustering([1, 2])
            .UseStaticClustering(new IPEndPoint(IPAddress.Loopback, 1))
            .UseAdoNetClustering((AdoNetClusteringClientOptions options) => (options.Invariant, options.ConnectionString, options.DataSource) = ("Npgsql", "Host=database", null))
            .AddClusterConnectionStatusObserver<SurfaceStatus>()
            .UseConnectionRetryFilter<NeverRetry>()
            .UseConnectionRetryFilter(new NeverRetry())
            .AddOutgoingGrainCallFilter<SurfaceFilter>()
            .Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5))
            .ConfigureServices(services => services.AddSingleton<SurfaceFilter>());
    }
}

public static class SurfaceQueries
{
    public static async Task Ask(IClusterClient client, IClusterMembershipService membership, ILocalSiloDetails local)
    {
        _ = (client.ServiceProvider, local.ClusterId, local.DnsHostName, local.GatewayAddress);
        await membership.Refresh();
        await foreach (var snapshot in membership.MembershipUpdates)
        {
            if (snapshot.Version > new MembershipVersion(5) || snapshot.Version == MembershipVersion.MinValue) break;
        }

        var management = client.GetGrain<IManagementGrain>(0);
        foreach (var host in await management.GetDetailedHosts(onlyActive: true)) _ = (host.SiloName, host.HostName, host.ProxyPort, host.Status, host.StartTime, host.IAmAliveTime);
        foreach (var statistic in await management.GetSimpleGrainStatistics()) _ = (statistic.GrainType, statistic.SiloAddress, statistic.ActivationCount);
        _ = await management.GetTotalActivationCount();
        await management.ForceActivationCollection(TimeSpan.FromMinutes(1));

        _ = client.GetGrain(typeof(ISurfaceGrain), "key");
        _ = client.GetGrain<ISurfaceGrain>(GrainId.Create(GrainType.Create("surface"), IdSpan.Create("key")));
        _ = (GrainId.TryParse("surface/key", out var id), id.Type, id.Key, id.IsDefault);
        var address = SiloAddress.New(IPAddress.Loopback, 1, 2);
        _ = (SiloAddress.TryParse(address.ToParsableString(), out var same), same == address, address.Endpoint, address.Generation);
    }

    public static Exception[] Catch() =>
    [
        new OrleansException("family"),
        new SiloUnavailableException("family") as OrleansMessageRejectionException,
        new ConnectionFailedException("family"),
        new InconsistentStateException("stale", "1", "2") as OrleansException,
        new BadProviderConfigException("nowhere"),
        new ReminderException("late"),
        new OrleansConfigurationException("wrong"),
        new EnumerationAbortedException("gone"),
    ];
}

public static class SurfaceTesting
{
    public static async Task Run()
    {
        var builder = new TestClusterBuilder(initialSilosCount: 2);
        builder.AddSiloBuilderConfigurator<SiloConfigurator>().AddClientBuilderConfigurator<ClientConfigurator>().ConfigureHostConfiguration(_ => { });
        builder.Properties["name"] = "value";
        (builder.Options.ClusterId, builder.Options.ServiceId) = ("cluster", "service");
        await using var cluster = builder.Build();
        await cluster.DeployAsync();
        _ = (cluster.GrainFactory, cluster.Client, cluster.ServiceProvider, cluster.Primary, cluster.SecondarySilos, cluster.GetSiloForAddress(cluster.Primary.SiloAddress));
        var silo = await cluster.StartAdditionalSiloAsync();
        _ = (silo.Name, silo.IsActive, silo.GatewayAddress, ((InProcessSiloHandle)silo).SiloHost);
        await cluster.StopSiloAsync(silo);
        await cluster.WaitForLivenessToStabilizeAsync(didKill: true);
        _ = cluster.GetSiloServiceProvider(cluster.Primary.SiloAddress);
        await cluster.StopAllSilosAsync();

        var inProcess = new InProcessTestClusterBuilder(1).ConfigureSiloHost((_, _) => { }).ConfigureHost(_ => { });
        await using var small = inProcess.Build();
        _ = await small.RestartSiloAsync(await small.StartAdditionalSiloAsync());
        _ = await small.StartSilosAsync(1);
        await small.StopSiloAsync(small.Silos[0]);
    }

    private sealed class SiloConfigurator : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder) => siloBuilder.AddMemoryGrainStorageAsDefault();
    }

    private sealed class ClientConfigurator : IClientBuilderConfigurator
    {
        public void Configure(IConfiguration configuration, IClientBuilder clientBuilder) => clientBuilder.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(5));
    }
}
