using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Storage;

namespace MiniOrleans.Tests.Storage;

/// <summary>The rows as the tables' other readers see them: people, and the other engine.</summary>
public abstract class RowContract(ClusterFixture silos, string storage)
{
    private IGrainStorage Storage => silos.Services(0).GetRequiredKeyedService<IGrainStorage>(storage);

    [Theory, Trait("Case", "44")]
    [InlineData("lens-1", -1014208464, 0L, 0L, "lens-1")]
    [InlineData("2A", -110949262, 0L, 42L, null)]
    [InlineData("00112233445566778899aabbccddeeff", 189902723, 7383445245961249331L, -4822678189205112L, null)]
    public async Task The_key_columns_match_the_vectors(string key, int hash, long n0, long n1, string? extension)
    {
        var id = GrainId.Create("any", key);

        await Storage.WriteStateAsync("st", id, new GrainState<Note>(new Note { Text = key }));

        using var connection = Connection();
        await connection.OpenAsync();
        using var command = connection.CreateCommand();
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"SELECT * FROM OrleansStorage WHERE GrainTypeString = 'st' AND GrainIdHash = {hash}");
        using var row = await command.ExecuteReaderAsync();
        Assert.True(await row.ReadAsync());
        Assert.Equal(n0, row["GrainIdN0"]);
        Assert.Equal(n1, row["GrainIdN1"]);
        Assert.Equal((object?)extension ?? DBNull.Value, row["GrainIdExtensionString"]);
        Assert.Equal(-647127308, Convert.ToInt32(row["GrainTypeHash"], CultureInfo.InvariantCulture));
        Assert.Equal(silos.Services(0).GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId, row["ServiceId"]);
        Assert.Equal(1, Convert.ToInt32(row["Version"], CultureInfo.InvariantCulture));
        using var payload = JsonDocument.Parse((byte[])row["PayloadBinary"]);
        Assert.Equal(key, payload.RootElement.GetProperty("Text").GetString());
        Assert.False(await row.ReadAsync());
    }

    [Theory, Trait("Section", "3.3")]
    [InlineData("2A+left", "2A+right")]
    [InlineData("00112233445566778899aabbccddeeff", "00112233445566778899aabbccddeeff+ext")]
    [InlineData("lens-1", "lens-2")]
    [InlineData("lens+1", "lens+2")]
    public async Task Different_keys_have_different_rows(string one, string other)
    {
        await Storage.WriteStateAsync("keys", GrainId.Create("any", one), new GrainState<Note>(new Note { Text = one }));
        await Storage.WriteStateAsync("keys", GrainId.Create("any", other), new GrainState<Note>(new Note { Text = other }));

        foreach (var key in new[] { one, other })
        {
            var state = new GrainState<Note>();
            await Storage.ReadStateAsync("keys", GrainId.Create("any", key), state);
            Assert.Equal(key, state.State!.Text);
        }
    }

    [Fact, Trait("Section", "3.3")]
    public async Task The_grains_type_is_no_part_of_the_row_but_the_states_name_is()
    {
        var key = Unique.Key("shared");
        await Storage.WriteStateAsync("shared", GrainId.Create("one", key), new GrainState<Note>(new Note { Text = "ours" }));

        var sameName = new GrainState<Note>();
        await Storage.ReadStateAsync("shared", GrainId.Create("other", key), sameName);
        Assert.Equal("ours", sameName.State!.Text);

        var otherName = new GrainState<Note>();
        await Storage.ReadStateAsync("elsewhere", GrainId.Create("one", key), otherName);
        Assert.False(otherName.RecordExists);
    }

    /// <summary>Past the storage.</summary>
    protected abstract DbConnection Connection();
}

[Collection(nameof(SqliteSilos))]
public sealed class SqliteRowTests(SqliteSilos silos) : RowContract(silos, "sqlite")
{
    protected override DbConnection Connection() => new SqliteConnection(silos.ConnectionString);
}

[Collection(nameof(PostgreSqlSilos))]
public sealed class PostgreSqlRowTests(PostgreSqlSilos silos) : RowContract(silos, "postgresql")
{
    protected override DbConnection Connection() => new NpgsqlConnection(silos.ConnectionString);
}
