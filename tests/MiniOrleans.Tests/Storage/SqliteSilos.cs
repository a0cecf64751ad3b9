using Orleans.Configuration;

namespace MiniOrleans.Tests.Storage;

/// <summary>Two silos that keep state in one SQLite file, made by the product's own script.</summary>
public sealed class SqliteSilos() : ClusterFixture(2)
{
    private readonly SqliteFile _file = new();

    public string ConnectionString => _file.ConnectionString;

    protected override void ConfigureSilo(string name, ISiloBuilder silo) => silo
        .UseSystemTextJsonGrainStorageSerializer()
        .AddAdoNetGrainStorage("sqlite", (AdoNetGrainStorageOptions options) => UseFile(options))
        .AddAdoNetGrainStorage("deleting", (AdoNetGrainStorageOptions options) =>
        {
            UseFile(options);
            options.DeleteStateOnClear = true;
        });

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _file.Dispose();
    }

    private void UseFile(AdoNetGrainStorageOptions options)
    {
        options.Invariant = "System.Data.SQLite";
        options.ConnectionString = ConnectionString;
    }

    [CollectionDefinition(nameof(SqliteSilos))]
    public sealed class Collection : ICollectionFixture<SqliteSilos>;
}
