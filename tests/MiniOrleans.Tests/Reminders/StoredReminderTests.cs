using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MiniOrleans.Tests.Storage;
using Npgsql;
using Orleans.Configuration;
using OrleansRecorder.Testing;

namespace MiniOrleans.Tests.Reminders;

/// <summary>Reminders that outlive their silos, and what the reminder service demands of a database at its start.</summary>
[Collection(nameof(PostgreSqlSilos))]
public sealed class StoredReminderTests(PostgreSqlSilos silos)
{
    [Fact, Trait("Case", "44")]
    public async Task The_row_has_the_hash_of_the_vector()
    {
        var grain = silos.Client.GetGrain<IShortNameGrain>("lens-1");
        await grain.Register("vector");

        await using var connection = new NpgsqlConnection(silos.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT GrainHash, Version, Period FROM OrleansRemindersTable WHERE GrainId = 's/lens-1' AND ReminderName = 'vector'", connection);
        await using (var row = await command.ExecuteReaderAsync())
        {
            Assert.True(await row.ReadAsync());
            Assert.Equal((500803754, 0, (long)TimeSpan.FromDays(60).TotalMilliseconds), (row.GetInt32(0), row.GetInt32(1), row.GetInt64(2)));
        }

        await grain.Unregister("vector");
        Assert.Null(await command.ExecuteScalarAsync());
    }

    [Fact, Trait("Case", "37")]
    public async Task A_reminder_ticks_on_after_all_silos_were_away_without_making_up_for_it()
    {
        var database = await silos.Server.CreateDatabase();
        var key = Unique.Key("restart");
        using (var first = SiloOn(database))
        {
            await first.StartAsync();
            await first.Services.GetRequiredService<IGrainFactory>().GetGrain<IReminderGrain>(key).Register("steady", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
            await Eventually.IsTrue(() => ReminderGrain.TicksOf(key).Length > 0);
            await first.StopAsync();
        }

        await Task.Delay(TimeSpan.FromSeconds(3));
        var before = ReminderGrain.TicksOf(key).Length;
        using var second = SiloOn(database);
        await second.StartAsync();
        await Eventually.IsTrue(() => ReminderGrain.TicksOf(key).Length >= before + 3);

        var ticks = ReminderGrain.TicksOf(key)[before..];
        Assert.All(ticks.Zip(ticks[1..]), pair => Assert.True(pair.Second.Status.CurrentTickTime - pair.First.Status.CurrentTickTime > TimeSpan.FromSeconds(0.3)));
        Assert.Single(ReminderGrain.TicksOf(key).Select(tick => tick.Status.FirstTickTime).Distinct());
        await second.Services.GetRequiredService<IGrainFactory>().GetGrain<IReminderGrain>(key).Unregister("steady");
        await second.StopAsync();
    }

    [Theory, Trait("Section", "3.4")]
    [InlineData("UpsertReminderRowKey")]
    [InlineData("ReadReminderRowsKey")]
    [InlineData("ReadReminderRowKey")]
    [InlineData("ReadRangeRows1Key")]
    [InlineData("ReadRangeRows2Key")]
    [InlineData("DeleteReminderRowKey")]
    [InlineData("DeleteReminderRowsKey")]
    public async Task A_missing_query_text_fails_the_start(string queryKey)
    {
        var database = await silos.Server.CreateDatabase();
        await using (var connection = new NpgsqlConnection(database))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"DELETE FROM OrleansQuery WHERE QueryKey = '{queryKey}'", connection);
            await command.ExecuteNonQueryAsync();
        }

        using var silo = SiloOn(database);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => silo.StartAsync());
    }

    private static IHost SiloOn(string database) => Hosts.Silo(Ports.ForSilo(), silo => silo
        .UseAdoNetReminderService((AdoNetReminderTableOptions options) => (options.Invariant, options.ConnectionString) = ("Npgsql", database))
        .Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromSeconds(1)));
}
