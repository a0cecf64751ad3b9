using System.Data;
using System.Data.Common;
using System.Diagnostics;

namespace Orleans.AdoNet;

/// <summary>A database and the statements that its table OrleansQuery holds; nothing else is ever sent to it.</summary>
internal sealed class AdoNetDatabase : IDisposable
{
    // Longer than a busy server takes, shorter than what waits behind it: who is cut off from the database must find out soon.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _slots;
    private readonly DbDataSource _source;
    private readonly bool _ownsSource;
    private readonly TimeSpan _limit;

    private AdoNetDatabase(DbDataSource source, bool ownsSource, TimeSpan limit, int slots)
    {
        _slots = new SemaphoreSlim(slots);
        _source = source;
        _ownsSource = ownsSource;
        _limit = limit;
    }

    /// <summary>Makes the handle; opens no connection yet. A data source given stays its owner's.</summary>
    /// <param name="user">Who asks, for the error messages.</param>
    /// <param name="invariant">The driver, see <see cref="AdoNetDriver"/>.</param>
    /// <param name="connectionString">This or <paramref name="dataSource"/>.</param>
    /// <param name="dataSource">This or <paramref name="connectionString"/>.</param>
    /// <param name="slots">As many connections as this handle uses at once, see <see cref="AdoNetSlots"/>; a server that hangs holds no more threads.</param>
    /// <exception cref="OrleansConfigurationException">Both are given, or none, or the driver is missing.</exception>
    public static AdoNetDatabase Create(string user, string invariant, string? connectionString, DbDataSource? dataSource, int slots)
    {
        if (string.IsNullOrWhiteSpace(invariant)) throw new OrleansConfigurationException($"{user} needs an Invariant.");
        if (string.IsNullOrWhiteSpace(connectionString) == dataSource is null)
            throw new OrleansConfigurationException($"{user} needs either a ConnectionString or a DataSource, and has {(dataSource is null ? "neither" : "both")}.");
        var limit = AdoNetDriver.IsServer(invariant) ? AnswerLimit : Timeout.InfiniteTimeSpan;
        return dataSource is null
            ? new(new PooledDataSource(AdoNetDriver.Load(invariant), connectionString!), ownsSource: true, limit, slots)
            : new(dataSource, ownsSource: false, limit, slots);
    }

    /// <summary>Loads statements by their keys.</summary>
    /// <exception cref="ArgumentException">A key is missing from the table.</exception>
    /// <exception cref="TimeoutException">The server took longer than 5 s.</exception>
    public async Task<Dictionary<string, string>> LoadQueries(IReadOnlyList<string> keys, CancellationToken cancellation = default)
    {
        var names = string.Join(", ", keys.Select(key => $"'{key}'"));
        var rows = await Query($"SELECT QueryKey, QueryText FROM OrleansQuery WHERE QueryKey IN ({names})", [], row => (Key: row.GetString(0), Text: row.GetString(1)), cancellation).ConfigureAwait(false);
        var queries = rows.ToDictionary(row => row.Key, row => row.Text);
        var missing = keys.Where(key => !queries.ContainsKey(key)).ToArray();
        return missing.Length == 0 ? queries : throw new ArgumentException($"The table OrleansQuery lacks {string.Join(", ", missing)}: run the SQL scripts of this version.");
    }

    /// <summary>Runs a statement on a connection of its own; returns the rows of all its result sets, one after the other.</summary>
    /// <remarks>Off the caller's turn: the SQLite driver blocks inside its asynchronous methods, and a grain may let other calls interleave meanwhile.</remarks>
    /// <exception cref="TimeoutException">The server took longer than 5 s; whether a change was made is not known. A database in a file has the driver's own limits.</exception>
    public async Task<List<T>> Query<T>(string text, IEnumerable<AdoNetParameter> parameters, Func<DbDataReader, T> read, CancellationToken cancellation = default)
    {
        var began = Stopwatch.GetTimestamp();
        if (!await _slots.WaitAsync(_limit, cancellation).ConfigureAwait(false)) throw TooLong();
        var abandon = new CancellationTokenSource();
        var work = Task.Run(() => RunInSlot(text, parameters, read, abandon.Token), CancellationToken.None);
        try
        {
            return await work.WaitAsync(LeftSince(began), cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!work.IsCompleted)
        {
            Abandon(work, abandon);
            throw TooLong();
        }
        catch (OperationCanceledException) when (!work.IsCompleted)
        {
            Abandon(work, abandon);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsSource) _source.Dispose();
    }

    private TimeSpan LeftSince(long began)
    {
        if (_limit == Timeout.InfiniteTimeSpan) return _limit;
        var left = _limit - Stopwatch.GetElapsedTime(began);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private TimeoutException TooLong() => new($"The database did not answer within {_limit.TotalSeconds:0} s.");

    // Npgsql tells a server that hangs of a cancellation on a second connection, and blocks the thread that cancels until that one has failed too: up to
    // a minute. So nobody waits for it, and it gets a thread of its own; there are no more of those than slots.
    private static void Abandon(Task work, CancellationTokenSource abandon)
    {
        _ = work.ContinueWith(static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default); // its caller is gone
        _ = Task.Factory.StartNew(abandon.Cancel, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private async Task<List<T>> RunInSlot<T>(string text, IEnumerable<AdoNetParameter> parameters, Func<DbDataReader, T> read, CancellationToken cancellation)
    {
        try
        {
            return await Run(text, parameters, read, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<List<T>> Run<T>(string text, IEnumerable<AdoNetParameter> parameters, Func<DbDataReader, T> read, CancellationToken cancellation)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
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
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        do
        {
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) rows.Add(read(reader));
        }
        while (await reader.NextResultAsync(cancellation).ConfigureAwait(false));
        return rows;
    }

    /// <summary>
    /// Connections from the pool that the driver keeps for a connection string. A data source of the driver's own has a pool of its own, and
    /// storage, membership, directory and reminders of one silo would need four times the connections.
    /// </summary>
    private sealed class PooledDataSource(DbProviderFactory factory, string connectionString) : DbDataSource
    {
        public override string ConnectionString => connectionString;

        protected override DbConnection CreateDbConnection()
        {
            var connection = factory.CreateConnection()!;
            connection.ConnectionString = connectionString;
            return connection;
        }
    }
}

/// <summary>A value for the <c>@Name</c> of a statement.</summary>
internal readonly record struct AdoNetParameter(string Name, DbType Type, object? Value);

/// <summary>
/// How many statements each user of the database runs at once: together no more than the pool of 20 that a process has by default, so that none of them, and
/// votes and signs of life least of all, waits behind another one's.
/// </summary>
internal static class AdoNetSlots
{
    public const int Storage = 8;

    public const int Directory = 6;

    public const int Reminders = 4;

    public const int Membership = 2;
}
