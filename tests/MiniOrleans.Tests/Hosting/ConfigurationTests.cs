using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orleans.Configuration;
using OrleansRecorder.Testing;

namespace MiniOrleans.Tests.Hosting;

public sealed class ConfigurationTests
{
    [Fact, Trait("Case", "63")]
    public async Task A_host_is_a_silo_or_a_client_not_both() =>
        await Refused(() => Hosts.Build(builder =>
        {
            var ports = Ports.ForSilo();
            builder.UseOrleans(silo => silo.UseLocalhostClustering(ports.Silo, ports.Gateway));
            builder.UseOrleansClient(client => client.UseLocalhostClustering(ports.Gateway));
        }));

    [Fact, Trait("Case", "63")]
    public async Task A_silo_without_clustering_does_not_start() => await Refused(() => Hosts.Build(builder => builder.UseOrleans(_ => { })));

    [Fact, Trait("Case", "63")]
    public async Task A_client_without_clustering_does_not_start() => await Refused(() => Hosts.Build(builder => builder.UseOrleansClient(_ => { })));

    [Fact, Trait("Case", "63")]
    public async Task A_storage_with_connection_string_and_data_source_does_not_start() =>
        await Refused(() => Hosts.Silo(Ports.ForSilo(), silo => silo.AddAdoNetGrainStorage("sqlite", (AdoNetGrainStorageOptions options) =>
        {
            options.Invariant = "System.Data.SQLite";
            options.ConnectionString = "Data Source=unused.db";
            options.DataSource = SqliteFactory.Instance.CreateDataSource("Data Source=unused.db");
        })));

    [Fact, Trait("Case", "63")]
    public async Task A_storage_without_a_database_does_not_start() =>
        await Refused(() => Hosts.Silo(Ports.ForSilo(), silo => silo.AddAdoNetGrainStorage("sqlite", (AdoNetGrainStorageOptions options) => options.Invariant = "System.Data.SQLite")));

    [Theory, Trait("Case", "63")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reminders_without_a_database_or_with_two_do_not_start(bool two) =>
        await Refused(() => Hosts.Silo(Ports.ForSilo(), silo => silo.UseAdoNetReminderService((AdoNetReminderTableOptions options) =>
        {
            options.Invariant = "Npgsql";
            if (two) (options.ConnectionString, options.DataSource) = ("Host=127.0.0.1", NpgsqlFactory.Instance.CreateDataSource("Host=127.0.0.1"));
        })));

    [Theory, Trait("Case", "63")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Clustering_without_a_database_or_with_two_does_not_start(bool two)
    {
        await Refused(() => Hosts.Build(builder => builder.UseOrleans(silo => silo.UseAdoNetClustering((AdoNetClusteringSiloOptions options) =>
        {
            options.Invariant = "Npgsql";
            if (two) (options.ConnectionString, options.DataSource) = ("Host=127.0.0.1", NpgsqlFactory.Instance.CreateDataSource("Host=127.0.0.1"));
        }))));
        await Refused(() => Hosts.Build(builder => builder.UseOrleansClient(client => client.UseAdoNetClustering((AdoNetClusteringClientOptions options) =>
        {
            options.Invariant = "Npgsql";
            if (two) (options.ConnectionString, options.DataSource) = ("Host=127.0.0.1", NpgsqlFactory.Instance.CreateDataSource("Host=127.0.0.1"));
        }))));
    }

    private static async Task Refused(Func<IHost> build) => await Assert.ThrowsAnyAsync<OrleansConfigurationException>(async () =>
    {
        using var host = build();
        await host.StartAsync();
    });
}
