using Microsoft.Data.Sqlite;

namespace MiniOrleans.Tests.Storage;

/// <summary>A SQLite database in a temporary folder, with the product's schema.</summary>
public sealed class SqliteFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("parity-").FullName;

    public SqliteFile() => ApplySchema();

    public string ConnectionString => $"Data Source={Path.Combine(_folder, "state.db")}";

    /// <summary>Runs sql/sqlite/persistence.sql, as the product does at every start.</summary>
    public void ApplySchema() => Execute(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "sql", "sqlite", "persistence.sql")));

    public void Execute(string sql)
    {
        using var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
        Directory.Delete(_folder, recursive: true);
    }
}
