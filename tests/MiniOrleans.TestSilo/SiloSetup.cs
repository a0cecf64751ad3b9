using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MiniOrleans.TestSilo.Grains;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace MiniOrleans.TestSilo;

/// <summary>How a test silo is built: everything in the database, and the setting that finds dead silos in seconds.</summary>
internal static class SiloSetup
{
    private const string Driver = "Npgsql";

    public static void Configure(ISiloBuilder silo, SiloSettings settings) => silo
        .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Driver, settings.Database))
        .UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = (Driver, settings.Database))
        .AddAdoNetGrainStorageAsDefault(options => (options.Invariant, options.ConnectionString) = (Driver, settings.Database))
        .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (settings.ClusterId, settings.ClusterId))
        .Configure<SiloOptions>(options => options.SiloName = settings.Name)
        .ConfigureEndpoints(IPAddress.Loopback, settings.SiloPort, settings.GatewayPort)
        .UseSiloMetadata(new Dictionary<string, string> { ["zone"] = $"zone of {settings.Name}" })
        .AddPlacementDirector<NamedSiloPlacement, NamedSiloDirector>()
        .Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(5))
        .Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromSeconds(1))
        .Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = TimeSpan.FromSeconds(1);
            options.MaxProbeTimeout = TimeSpan.FromSeconds(1);
            options.NumMissedProbesLimit = 3;
            options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        });

    public static string AddressOf(IHost host) => host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString();
}
