using Npgsql;
using OrleansRecorder.Hosting;

namespace OrleansRecorder.Database;

/// <summary>The tables and statements of a farm in PostgreSQL: the scripts of <c>sql/postgresql</c>, and which version of them a database has.</summary>
internal static class FarmSchema
{
    /// <summary>The version that this program works with; <c>sql/postgresql/0-schema.sql</c> writes the same.</summary>
    public const int Version = 1;

    // Any number will do, as long as everybody takes the same.
    private const long InitLock = 0x5EC0_4DE4;

    /// <summary>For the start of a program on the farm: returns when the database has this program's schema.</summary>
    /// <exception cref="StartupException">It has an older or a newer one, or none, or cannot be reached. The message names the database, and no password.</exception>
    public static Task Check(string connectionString, CancellationToken stop)
    {
        var database = FarmDatabase.Of(connectionString);
        return database.Use(
            async connection => await VersionOf(connection, stop) switch
            {
                null => throw database.Error("没有录制系统的表: 请先运行 recorder db init", "has no tables of the recorder: run 'recorder db init' first"),
                < Version and var older => throw database.Error(
                    $"的表是旧版本 {older}, 本程序需要 {Version}: 请运行 recorder db init",
                    $"has the older schema {older}, and this program needs {Version}: run 'recorder db init'"),
                > Version and var newer => throw Newer(database, newer),
                var same => same,
            },
            stop);
    }

    /// <summary>Makes what is missing, and brings an older schema up to date; in one transaction, one at a time. Returns what it has changed.</summary>
    /// <exception cref="StartupException">The database has a newer schema, or cannot be reached or changed; nothing was changed then.</exception>
    public static Task<SchemaStatus> Init(string connectionString, CancellationToken stop)
    {
        var database = FarmDatabase.Of(connectionString);
        return database.Use(
            async connection =>
            {
                var wanted = await SchemaContents.Wanted(connection, stop);
                await using var transaction = await connection.BeginTransactionAsync(stop);
                await Run(connection, $"SET LOCAL lock_timeout = '30s'; SELECT pg_advisory_xact_lock({InitLock})", stop);
                var before = new SchemaStatus(await VersionOf(connection, stop), (await SchemaContents.Present(connection, stop)).Lacking(wanted));
                if (before.Version > Version) throw Newer(database, before.Version);
                if (!before.IsRight)
                {
                    foreach (var script in SqlScripts.Of("postgresql")) await Run(connection, script, stop);
                    if ((await SchemaContents.Present(connection, stop)).Lacking(wanted) is [var left, ..])
                    {
                        throw database.Error(
                            $"中的 {left.Part} 与本程序的不同, 无法自动修正: 请使用一个空的数据库",
                            $"has another {left.Part} than this program makes, and it cannot be mended by itself: use an empty database");
                    }
                }

                await transaction.CommitAsync(stop);
                return before;
            },
            stop);
    }

    /// <summary>Which version a database has, and what is missing or different; changes nothing.</summary>
    /// <exception cref="StartupException">It cannot be reached.</exception>
    public static Task<SchemaStatus> Status(string connectionString, CancellationToken stop) => FarmDatabase.Of(connectionString).Use(
        async connection =>
        {
            var wanted = await SchemaContents.Wanted(connection, stop);
            var present = await SchemaContents.Present(connection, stop);
            return new SchemaStatus(await VersionOf(connection, stop), present.Lacking(wanted));
        },
        stop);

    private static StartupException Newer(FarmDatabase database, int? newer) => database.Error(
        $"的表是较新的版本 {newer}, 本程序只认识 {Version}: 请使用更新的程序",
        $"has the newer schema {newer}, and this program knows {Version} only: use the newer program");

    /// <summary>Null when there are no tables of the recorder; 0 when there are some, and no version.</summary>
    private static async Task<int?> VersionOf(NpgsqlConnection connection, CancellationToken stop)
    {
        if (await Scalar(connection, "SELECT to_regclass('RecorderSchema') IS NOT NULL", stop) is true)
            return (int?)await Scalar(connection, "SELECT COALESCE(MAX(Version), 0) FROM RecorderSchema", stop);
        return await Scalar(connection, "SELECT to_regclass('OrleansQuery') IS NOT NULL", stop) is true ? 0 : null;
    }

    private static async Task<object?> Scalar(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(stop);
    }

    private static async Task Run(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(stop);
    }
}

/// <summary>How a database compares with this program's schema.</summary>
/// <param name="Version">The version it is at; 0 for tables without one; null for no tables at all.</param>
/// <param name="Differences">What is missing or different.</param>
internal sealed record SchemaStatus(int? Version, IReadOnlyList<SchemaDifference> Differences)
{
    /// <summary>Nothing is to be done.</summary>
    public bool IsRight => Version == FarmSchema.Version && Differences.Count == 0;
}
