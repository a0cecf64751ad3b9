using System.Data;
using System.Globalization;
using Npgsql;

namespace OrleansRecorder.Database.Tests;

/// <summary>
/// The stored statements, sent as the ADO.NET packages send them: by key, with parameters of a <see cref="DbType"/>, on a connection of their own,
/// without a transaction, the rows of all result sets one after the other.
/// </summary>
public sealed class StoredTexts : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, string> _texts = [];

    private StoredTexts(NpgsqlDataSource source) => Source = source;

    /// <summary>The database, for what no text does.</summary>
    public NpgsqlDataSource Source { get; }

    public static async Task<StoredTexts> Load(string connectionString)
    {
        var loaded = new StoredTexts(NpgsqlDataSource.Create(connectionString));
        await using var command = loaded.Source.CreateCommand("SELECT QueryKey, QueryText FROM OrleansQuery");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) loaded._texts.Add(reader.GetString(0), reader.GetString(1));
        return loaded;
    }

    /// <summary>A statement's rows, their columns by name in any case.</summary>
    public async Task<List<Dictionary<string, object?>>> Rows(string key, params Parameter[] parameters)
    {
        await using var connection = await Source.OpenConnectionAsync();
        return await Rows(connection, key, parameters);
    }

    /// <summary>The same on a connection that has a transaction open, to hold a race still.</summary>
    public async Task<List<Dictionary<string, object?>>> Rows(NpgsqlConnection connection, string key, params Parameter[] parameters)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = _texts[key];
        foreach (var (name, type, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.DbType, parameter.Value) = (name, type, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        var rows = new List<Dictionary<string, object?>>();
        await using var reader = await command.ExecuteReaderAsync();
        do
        {
            while (await reader.ReadAsync())
            {
                var row = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
                for (var column = 0; column < reader.FieldCount; column++) row.Add(reader.GetName(column), reader.IsDBNull(column) ? null : reader.GetValue(column));
                rows.Add(row);
            }
        }
        while (await reader.NextResultAsync());
        return rows;
    }

    /// <summary>The answer of a statement that must have one row of one column.</summary>
    public async Task<bool> Answer(string key, params Parameter[] parameters) =>
        Convert.ToBoolean(Assert.Single(Assert.Single(await Rows(key, parameters))).Value, CultureInfo.InvariantCulture);

    public async Task<int> Count(string table)
    {
        await using var command = Source.CreateCommand($"SELECT COUNT(*)::int FROM {table}");
        return (int)(await command.ExecuteScalarAsync())!;
    }

    public async Task Execute(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Waits until somebody in this database waits for another's lock.</summary>
    public async Task SomebodyWaits()
    {
        using var patience = new CancellationTokenSource(Patience);
        await using var command = Source.CreateCommand("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
        while ((long)(await command.ExecuteScalarAsync(patience.Token))! == 0) await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}

/// <summary>A parameter as the packages make it.</summary>
public sealed record Parameter(string Name, DbType Type, object? Value)
{
    public static Parameter Text(string name, string? value) => new(name, DbType.String, value);

    public static Parameter Number(string name, int? value) => new(name, DbType.Int32, value);

    public static Parameter Time(string name, DateTime value) => new(name, DbType.DateTime, value);
}
