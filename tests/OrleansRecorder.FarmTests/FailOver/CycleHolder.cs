using System.Text.Json.Nodes;
using Npgsql;
using OrleansRecorder.FarmTests.Harness;

namespace OrleansRecorder.FarmTests.FailOver;

/// <summary>Finds the silo that has the activation of CycleGrain.</summary>
internal static class CycleHolder
{
    private const string Term = "SELECT convert_from(PayloadBinary, 'UTF8') FROM OrleansStorage WHERE GrainTypeString = 'cycle-term'";

    /// <summary>The silo that took the last term. Throws when the database is away, or there was none yet.</summary>
    public static async Task<FarmProcess> HolderOfTheCycle(this TestFarm farm)
    {
        // A pool would keep connections that died with the server.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(farm.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(Term, connection);
        var life = (string)JsonNode.Parse((string)(await command.ExecuteScalarAsync())!)![nameof(Cycles.CycleTermState.Life)]!;
        return farm.Silos.Single(silo => life.StartsWith($"{silo.Setting("Silo:Address")}:{silo.Setting("Silo:Port")}@", StringComparison.Ordinal));
    }
}
