using System.Reflection;
using Npgsql;

namespace OrleansRecorder.Testing;

/// <summary>The scripts of <c>sql/postgresql</c>, as a person would run them.</summary>
public static class FarmScripts
{
    private const string Folder = "postgresql/";

    /// <summary>The scripts by their names, in the order in which they run.</summary>
    public static IEnumerable<(string Name, string Text)> All
    {
        get
        {
            var assembly = Assembly.GetExecutingAssembly();
            foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                yield return (name[Folder.Length..], reader.ReadToEnd());
            }
        }
    }

    /// <summary>Runs all of them in one transaction.</summary>
    public static async Task Apply(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var (_, text) in All)
        {
            await using var command = new NpgsqlCommand(text, connection, transaction);
            await command.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
    }
}
