using System.Data;
using System.Data.Common;

namespace Orleans.AdoNet;

/// <summary>A database and the statements that its table OrleansQuery holds; nothing else is ever sent to it.</summary>
internal sealed class AdoNetDatabase : IDisposable
{
    private readonly DbDataSource _source;
    private readonly bool _ownsSource;

    private AdoNetDatabase(DbDataSource source, bool ownsSource)
    {
        _source = source;
        _ownsSource = ownsSource;
    }

    /// <summary>Makes the handle; opens no connection yet. A data source given stays its owner's.</summary>
    /// <param name="user">Who asks, for the error messages.</param>
    /// <param name="invariant">The driver, see <see cref="AdoNetDriver"/>.</param>
    /// <param name="connectionString">This or <paramref name="dataSource"/>.</param>
    /// <param name="dataSource">This or <paramref name="connectionString"/>.</param>
    /// <exception cref="OrleansConfigurationException">Both are given, or none, or the driver is missing.</exception>
    public static AdoNetDatabase Create(string user, string invariant, string? connectionString, DbDataSource? dataSource)
    {
        if (string.IsNullOrWhiteSpace(invariant)) throw new OrleansConfigurationException($"{user} needs an Invariant.");
        if (string.IsNullOrWhiteSpace(connectionString) == dataSource is null)
            throw new OrleansConfigurationException($"{user} needs either a ConnectionString or a DataSource, and has {(dataSource is null ? "neither" : "both")}.");
        return dataSource is null ? new(AdoNetDriver.Load(invariant).CreateDataSource(connectionString!), ownsSource: true) : new(dataSource, ownsSource: false);
    }

    /// <summary>Loads statements by their keys.</summary>
    /// <exception cref="ArgumentException">A key is missing from the table.</exception>
    public async Task<Dictionary<string, string>> LoadQueries(params string[] keys)
    {
        var names = string.Join(", ", keys.Select(key => $"'{key}'"));
        var rows = await Query($"SELECT QueryKey, QueryText FROM OrleansQuery WHERE QueryKey IN ({names})", [], row => (Key: row.GetString(0), Text: row.GetString(1)));
        var queries = rows.ToDictionary(row => row.Key, row => row.Text);
        var missing = keys.Where(key => !queries.ContainsKey(key)).ToArray();
        return missing.Length == 0 ? queries : throw new ArgumentException($"The table OrleansQuery lacks {string.Join(", ", missing)}: run the SQL script of this version.");
    }

    /// <summary>Runs a statement on a connection of its own; returns the rows of all its result sets, one after the other.</summary>
    /// <remarks>Off the caller's turn: the SQLite driver blocks inside its asynchronous methods, and a grain may let other calls interleave meanwhile.</remarks>
    public Task<List<T>> Query<T>(string text, IEnumerable<AdoNetParameter> parameters, Func<DbDataReader, T> read) => Task.Run(async () =>
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, type, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.DbType = type;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync();
        do
        {
            while (await reader.ReadAsync()) rows.Add(read(reader));
        }
        while (await reader.NextResultAsync());
        return rows;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsSource) _source.Dispose();
    }
}

/// <summary>A value for the <c>@Name</c> of a statement.</summary>
internal readonly record struct AdoNetParameter(string Name, DbType Type, object? Value);
