using System.Reflection;
using Microsoft.Data.Sqlite;

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
            foreach (var script in Scripts())
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

    private static IEnumerable<string> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return reader.ReadToEnd();
        }
    }
}
