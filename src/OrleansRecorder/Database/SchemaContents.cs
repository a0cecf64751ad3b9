using Npgsql;

namespace OrleansRecorder.Database;

/// <summary>What one schema of a database holds of ours: tables, columns, indexes, query texts.</summary>
/// <param name="Parts">Name to definition: <c>column orleansstorage.version</c> to <c>integer, not null</c>. An index has its definition in its name, since its name does not matter.</param>
/// <param name="Queries">Key to text.</param>
internal sealed record SchemaContents(IReadOnlyDictionary<string, string> Parts, IReadOnlyDictionary<string, string> Queries)
{
    private const string Table = "table ";

    // The schema of temporary tables has another name in each session: an index is told by the part of its definition that names no schema.
    private const string PartsQuery = """
        SELECT 'table ' || c.relname, ''
        FROM pg_class c
        WHERE c.relnamespace = $1::oid AND c.relkind = 'r'
        UNION ALL
        SELECT 'column ' || c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ', not null' ELSE '' END
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relnamespace = $1::oid AND c.relkind = 'r'
        UNION ALL
        SELECT DISTINCT CASE WHEN i.indisunique THEN 'unique index on ' ELSE 'index on ' END || c.relname || ' ' || split_part(pg_get_indexdef(i.indexrelid), ' USING ', 2), ''
        FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisvalid
        WHERE c.relnamespace = $1::oid AND c.relkind = 'r'
        """;

    /// <summary>What the scripts make: they run among the temporary tables of this session, and are undone.</summary>
    public static async Task<SchemaContents> Wanted(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await Run(connection, "SET LOCAL search_path = pg_temp", stop);
        foreach (var script in SqlScripts.Of("postgresql")) await Run(connection, script, stop);
        var contents = await Read(connection, "SELECT pg_my_temp_schema()", stop);
        await transaction.RollbackAsync(stop);
        return contents;
    }

    /// <summary>What is there, in the schema that unqualified names mean.</summary>
    public static Task<SchemaContents> Present(NpgsqlConnection connection, CancellationToken stop) =>
        Read(connection, "SELECT oid FROM pg_namespace WHERE nspname = current_schema()", stop);

    /// <summary>What is wanted and missing or different here; what is here besides is nobody's business. A table that is missing stands for all that belongs to it.</summary>
    public IReadOnlyList<SchemaDifference> Lacking(SchemaContents wanted)
    {
        string[] missingTables = [.. wanted.Parts.Keys.Where(name => name.StartsWith(Table, StringComparison.Ordinal) && !Parts.ContainsKey(name)).Select(name => name[Table.Length..])];
        var parts = Compare(wanted.Parts, Parts).Where(part => !missingTables.Any(table => BelongsTo(part.Part, table)));
        var queries = missingTables.Contains("orleansquery") ? [] : Compare(wanted.Queries, Queries).Select(query => query with { Part = $"query {query.Part}" });
        return [.. parts, .. queries];
    }

    private static bool BelongsTo(string part, string table) =>
        part.StartsWith($"column {table}.", StringComparison.Ordinal) || part.Contains($"index on {table} ", StringComparison.Ordinal);

    private static IEnumerable<SchemaDifference> Compare(IReadOnlyDictionary<string, string> wanted, IReadOnlyDictionary<string, string> present) =>
        from part in wanted
        where !present.TryGetValue(part.Key, out var found) || found != part.Value
        orderby part.Key
        select new SchemaDifference(part.Key, IsMissing: !present.ContainsKey(part.Key));

    private static async Task<SchemaContents> Read(NpgsqlConnection connection, string schemaQuery, CancellationToken stop)
    {
        await using var find = new NpgsqlCommand(schemaQuery, connection);
        var schema = Convert.ToInt64(await find.ExecuteScalarAsync(stop) ?? 0, System.Globalization.CultureInfo.InvariantCulture);
        var parts = await Pairs(connection, PartsQuery, stop, schema);
        var queries = parts.ContainsKey("table orleansquery") ? await Pairs(connection, "SELECT QueryKey, QueryText FROM OrleansQuery", stop) : [];
        return new(parts, queries);
    }

    private static async Task<Dictionary<string, string>> Pairs(NpgsqlConnection connection, string query, CancellationToken stop, params long[] parameters)
    {
        await using var command = new NpgsqlCommand(query, connection);
        foreach (var value in parameters) command.Parameters.Add(new NpgsqlParameter { Value = value });
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop)) pairs[reader.GetString(0)] = reader.GetString(1);
        return pairs;
    }

    private static async Task Run(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(stop);
    }
}

/// <summary>A part of the schema that is missing, or not as it should be.</summary>
internal sealed record SchemaDifference(string Part, bool IsMissing);
