using Microsoft.Extensions.Logging;
using Npgsql;
using OrleansRecorder.Hosting;

namespace OrleansRecorder.Settings;

/// <summary>What a silo and an API are told alike: the farm that they belong to.</summary>
internal sealed record FarmSettings
{
    /// <summary>The farm's PostgreSQL, password included: for drivers, never for a log or an error.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The database for a person: <c>recorder on db:5432</c>.</summary>
    public required string DatabaseName { get; init; }

    /// <summary>How long a start waits for a database that cannot be reached.</summary>
    public required TimeSpan DatabaseStartLimit { get; init; }

    /// <summary>How far this machine's clock may be from the database's.</summary>
    public required TimeSpan ClockTolerance { get; init; }

    /// <summary>Cluster and service id.</summary>
    public required string ClusterId { get; init; }

    /// <summary>By which the farm's processes know one another; null: loopback only.</summary>
    public required string? Secret { get; init; }

    /// <summary>A process that is told to end has ended after this.</summary>
    public required TimeSpan ShutdownLimit { get; init; }

    /// <summary>The least that is logged.</summary>
    public required LogLevel LogLevel { get; init; }

    /// <summary>Takes them from what was read. Throws <see cref="StartupException"/>.</summary>
    /// <param name="settings">What was read.</param>
    /// <param name="application">What the database's administrator sees of this process.</param>
    public static FarmSettings From(HostSettings settings, string application)
    {
        var connection = Connection(settings);
        connection.ApplicationName ??= application;
        return new FarmSettings
        {
            ConnectionString = connection.ConnectionString,
            DatabaseName = $"{connection.Database} on {connection.Host}:{connection.Port}",
            DatabaseStartLimit = settings.Seconds("Database:StartLimitSeconds", 60),
            ClockTolerance = settings.Seconds("Database:ClockToleranceSeconds", 5),
            ClusterId = settings.Text("Cluster:Id") ?? "recorder",
            Secret = settings.Text("Cluster:Secret"),
            ShutdownLimit = settings.Seconds("Shutdown:LimitSeconds", 25),
            LogLevel = Enum.Parse<LogLevel>(settings.Text("Log:Level") ?? nameof(LogLevel.Information), ignoreCase: true),
        };
    }

    private static NpgsqlConnectionStringBuilder Connection(HostSettings settings)
    {
        NpgsqlConnectionStringBuilder connection;
        try
        {
            connection = new NpgsqlConnectionStringBuilder(settings.Required("Database:Connection"));
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The driver's message may quote what was written, a password included.
            throw new StartupException(
                "Database:Connection 无效: 请按 Host=...;Port=...;Database=...;Username=... 填写",
                "Database:Connection is not valid: write it as Host=...;Port=...;Database=...;Username=...");
        }

        if (string.IsNullOrEmpty(connection.Host)) throw new StartupException("Database:Connection 缺少 Host", "Database:Connection names no Host");
        if (settings.Text("Database:Password") is { } password) connection.Password = password;
        // A silo needs few connections at once; a farm of many must fit into PostgreSQL's 100.
        if (!IsGiven("Maximum Pool Size")) connection.MaxPoolSize = 20;
        // A server that has vanished without a word must be noticed in seconds.
        if (!IsGiven("Timeout")) connection.Timeout = 5;
        if (!IsGiven("Command Timeout")) connection.CommandTimeout = 10;
        // Nothing that a statement leaves behind on a connection needs to be reset, and to reset it costs the server as much as the statement itself.
        if (!IsGiven("No Reset On Close")) connection.NoResetOnClose = true;
        // The statements are few, and the same ones again and again.
        if (!IsGiven("Max Auto Prepare")) connection.MaxAutoPrepare = 40;
        if (!IsGiven("Database")) connection.Database = connection.Username ?? "postgres";
        return connection;

        // ContainsKey says only that Npgsql knows the word.
        bool IsGiven(string key) => connection.Keys.Contains(key, StringComparer.OrdinalIgnoreCase);
    }
}
