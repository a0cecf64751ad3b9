using Microsoft.Extensions.Configuration;
using Orleans.Configuration;
using OrleansRecorder.Settings;

namespace OrleansRecorder.Hosting;

/// <summary>How silos and APIs become parts of one farm: ids, PostgreSQL, and how soon the dead are noticed.</summary>
internal static class FarmMembership
{
    private const string Driver = "Npgsql";

    /// <summary>Membership, grain state and reminders in the farm's database.</summary>
    public static ISiloBuilder JoinFarm(this ISiloBuilder silo, FarmSettings farm) => silo
        .Configure<ClusterOptions>(options => Name(options, farm))
        .Configure<ClusterMembershipOptions>(FindTheDeadWithinSeconds)
        .UseAdoNetClustering((AdoNetClusteringSiloOptions options) =>
        {
            options.Invariant = Driver;
            options.ConnectionString = farm.ConnectionString;
        })
        .AddAdoNetGrainStorageAsDefault((AdoNetGrainStorageOptions options) =>
        {
            options.Invariant = Driver;
            options.ConnectionString = farm.ConnectionString;
        })
        .UseSystemTextJsonGrainStorageSerializer()
        .UseAdoNetReminderService((AdoNetReminderTableOptions options) =>
        {
            options.Invariant = Driver;
            options.ConnectionString = farm.ConnectionString;
        });

    /// <summary>Gateways from the farm's database.</summary>
    public static IClientBuilder JoinFarm(this IClientBuilder client, FarmSettings farm) => client
        .Configure<ClusterOptions>(options => Name(options, farm))
        .Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5))
        .UseAdoNetClustering((AdoNetClusteringClientOptions options) =>
        {
            options.Invariant = Driver;
            options.ConnectionString = farm.ConnectionString;
        });

    /// <summary>The secret where the engine looks for it.</summary>
    public static void AddSecret(this IConfigurationBuilder configuration, FarmSettings farm) =>
        configuration.AddInMemoryCollection([new("Cluster:Secret", farm.Secret)]);

    /// <summary>Why the engine does not let a process in; with a secret that is not the farm's in the first place.</summary>
    public static LocalizedText Refused(FarmSettings farm, OrleansConfigurationException reason) => new(
        $"无法加入集群 {farm.ClusterId}, 请检查 Cluster:Secret 是否与其他进程相同: {reason.Message}", $"cannot join the farm {farm.ClusterId}: {reason.Message}");

    private static void Name(ClusterOptions options, FarmSettings farm)
    {
        options.ClusterId = farm.ClusterId;
        options.ServiceId = farm.ClusterId;
    }

    // A killed silo is found within 5 s and a hung one within 6 s. Shorter would take a busy one for dead.
    private static void FindTheDeadWithinSeconds(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = TimeSpan.FromSeconds(1);
        options.MaxProbeTimeout = TimeSpan.FromSeconds(1);
        options.NumMissedProbesLimit = 3;
        options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        options.IAmAliveTablePublishTimeout = AliveSigns;
    }

    /// <summary>How often a silo writes that it is alive.</summary>
    public static TimeSpan AliveSigns { get; } = TimeSpan.FromSeconds(5);
}
