using Npgsql;
using OrleansRecorder.Hosting;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Database.Tests.Schema;

[Collection(nameof(FarmServer))]
public sealed class FarmSchemaTests(FarmServer farm)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task An_empty_database_gets_the_tables_and_a_second_time_changes_nothing()
    {
        var database = await farm.Server.CreateEmptyDatabase();
        Assert.Null((await FarmSchema.Status(database, None)).Version);

        Assert.Null((await FarmSchema.Init(database, None)).Version);
        Assert.True((await FarmSchema.Status(database, None)).IsRight);
        Assert.True((await FarmSchema.Init(database, None)).IsRight);
        await FarmSchema.Check(database, None);
    }

    [Fact]
    public async Task The_scripts_run_by_hand_make_what_the_program_makes()
    {
        var database = await farm.Server.CreateDatabase();

        Assert.True((await FarmSchema.Status(database, None)).IsRight);
        await FarmScripts.Apply(database);
        Assert.True((await FarmSchema.Status(database, None)).IsRight);
    }

    [Fact]
    public async Task Several_can_make_the_tables_at_once()
    {
        var database = await farm.Server.CreateEmptyDatabase();

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => FarmSchema.Init(database, None))));

        Assert.Single(made, before => before.Version is null);
        Assert.Equal(7, made.Count(before => before.IsRight));
        Assert.True((await FarmSchema.Status(database, None)).IsRight);
    }

    [Fact]
    public async Task An_old_schema_is_brought_up_to_date_and_keeps_what_is_stored()
    {
        var database = await farm.Server.CreateDatabase();
        await Execute(database, """
            DROP TABLE RecorderSchema, MiniDirectory;
            DROP INDEX UX_OrleansStorage;
            DELETE FROM OrleansQuery WHERE QueryKey = 'GatewaysQueryKey';
            UPDATE OrleansQuery SET QueryText = 'SELECT 1' WHERE QueryKey = 'ReadFromStorageKey';
            INSERT INTO OrleansMembershipVersionTable (DeploymentId, Version) VALUES ('farm', 41);
            """);
        var told = await Assert.ThrowsAsync<StartupException>(() => FarmSchema.Check(database, None));
        Assert.Contains("older schema 0", told.Text.English);

        var status = await FarmSchema.Status(database, None);
        Assert.Equal(0, status.Version);
        Assert.Equal(
            ["query GatewaysQueryKey", "table minidirectory", "table recorderschema", "unique index on orleansstorage"],
            status.Differences.Where(d => d.IsMissing).Select(d => d.Part.Split(" btree")[0]).Order(StringComparer.Ordinal));
        Assert.Equal("query ReadFromStorageKey", Assert.Single(status.Differences, d => !d.IsMissing).Part);

        Assert.Equal(0, (await FarmSchema.Init(database, None)).Version);
        Assert.True((await FarmSchema.Status(database, None)).IsRight);
        Assert.Equal(41, await Scalar(database, "SELECT Version FROM OrleansMembershipVersionTable WHERE DeploymentId = 'farm'"));
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_left_alone()
    {
        var database = await farm.Server.CreateDatabase();
        await Execute(database, "INSERT INTO RecorderSchema (Version) VALUES (99); UPDATE OrleansQuery SET QueryText = 'newer' WHERE QueryKey = 'ReadFromStorageKey'");

        foreach (var use in new[] { FarmSchema.Check, FarmSchema.Init })
        {
            var told = await Assert.ThrowsAsync<StartupException>(() => use(database, None));
            Assert.Contains("99", told.Text.English);
            Assert.Contains("99", told.Text.Chinese);
        }

        Assert.Equal("newer", await Scalar(database, "SELECT QueryText FROM OrleansQuery WHERE QueryKey = 'ReadFromStorageKey'"));
    }

    [Fact]
    public async Task A_table_that_cannot_be_mended_is_named_and_nothing_is_changed()
    {
        var database = await farm.Server.CreateDatabase();
        await Execute(database, "ALTER TABLE OrleansStorage ALTER PayloadBinary TYPE text; DROP TABLE MiniDirectory");

        var told = await Assert.ThrowsAsync<StartupException>(() => FarmSchema.Init(database, None));

        Assert.Contains("orleansstorage.payloadbinary", told.Text.English);
        Assert.Equal(2, (await FarmSchema.Status(database, None)).Differences.Count);
    }

    [Fact]
    public async Task A_database_without_the_tables_lets_nothing_start()
    {
        var database = await farm.Server.CreateEmptyDatabase();
        var told = await Assert.ThrowsAsync<StartupException>(() => FarmSchema.Check(database, None));
        Assert.Contains("recorder db init", told.Text.English);
        Assert.Contains("recorder db init", told.Text.Chinese);
    }

    [Theory]
    [InlineData("Port=1", "cannot be reached")]
    [InlineData("Database=nowhere", "does not exist")]
    [InlineData("Username=nobody", "refuses the login")]
    [InlineData("Password=wrong-and-secret", "refuses the login")]
    [InlineData("Host=no-such-host.invalid", "cannot be reached")]
    [InlineData("Port=abc", "not valid")]
    [InlineData("wrong-and-secret", "not valid")]
    public async Task What_is_wrong_with_the_database_is_told_without_a_password(string change, string expected)
    {
        var database = $"{await farm.Server.CreateDatabase()};{change}";

        var told = await Assert.ThrowsAsync<StartupException>(() => FarmSchema.Check(database, None));

        Assert.Contains(expected, told.Text.English);
        var everything = $"{told}{told.Text.Chinese}{told.Text.English}";
        Assert.DoesNotContain(farm.Server.Password, everything);
        Assert.DoesNotContain("wrong-and-secret", everything);
    }

    private static Task<object?> Scalar(string database, string sql) => Run(database, sql);

    private static Task Execute(string database, string sql) => Run(database, sql);

    private static async Task<object?> Run(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
