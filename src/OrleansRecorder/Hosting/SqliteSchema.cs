using Microsoft.Data.Sqlite;
using OrleansRecorder.Database;

namespace OrleansRecorder.Hosting;

/// <summary>Applies the scripts of <c>sql/sqlite</c>, which this program carries as resources. They can be applied at every start.</summary>
internal static class SqliteSchema
{
    public static async Task Apply(string connectionString, CancellationToken stop)
    {
        try
        {
            await using var connection = new SqliteConnection(connectionString);
            await connection.OpenAsync(stop);
            foreach (var script in SqlScripts.Of("sqlite"))
            {
                await using var command = connection.CreateCommand();
                command.CommandText = script;
                await command.ExecuteNonQueryAsync(stop);
            }
        }
        catch (SqliteException e)
        {
            var path = new SqliteConnectionStringBuilder(connectionString).DataSource;
            throw new StartupException(
                $"状态数据库 {path} 无法打开: {e.Message}",
                $"the state database {path} cannot be opened: {e.Message}. Move it away to begin without state", e);
        }
    }
}
