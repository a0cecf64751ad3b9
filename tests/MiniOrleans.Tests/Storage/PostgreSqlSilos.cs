using Orleans.Configuration;
using OrleansRecorder.Testing;

namespace MiniOrleans.Tests.Storage;

/// <summary>Two silos that keep state and reminders in a PostgreSQL of their own, made by the product's own scripts.</summary>
public sealed class PostgreSqlSilos() : ClusterFixture(2)
{
    /// <summary>The silos' database.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>The server, for databases of other silos.</summary>
    public PostgreSqlServer Server { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        Server = await PostgreSqlServer.Create();
        ConnectionString = await Server.CreateDatabase();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Server.DisposeAsync();
    }

    protected override void ConfigureSilo(string name, ISiloBuilder silo) => silo
        .UseSystemTextJsonGrainStorageSerializer()
        .AddAdoNetGrainStorage("postgresql", (AdoNetGrainStorageOptions options) => (options.Invariant, options.ConnectionString) = ("Npgsql", ConnectionString))
        .AddAdoNetGrainStorage("postgresql-deleting", (AdoNetGrainStorageOptions options) =>
        {
            (options.Invariant, options.ConnectionString) = ("Npgsql", ConnectionString);
            options.DeleteStateOnClear = true;
        })
        .UseAdoNetReminderService((AdoNetReminderTableOptions options) => (options.Invariant, options.ConnectionString) = ("Npgsql", ConnectionString))
        .Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromSeconds(1));

    [CollectionDefinition(nameof(PostgreSqlSilos))]
    public sealed class Collection : ICollectionFixture<PostgreSqlSilos>;
}
