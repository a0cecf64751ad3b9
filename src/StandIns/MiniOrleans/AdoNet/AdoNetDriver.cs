using System.Data.Common;
using System.Reflection;

namespace Orleans.AdoNet;

/// <summary>The ADO.NET drivers by their invariant names. The application references the package; it is loaded by name, so that nobody needs the other one.</summary>
internal static class AdoNetDriver
{
    private static readonly Dictionary<string, (string Assembly, string Factory)> Known = new(StringComparer.Ordinal)
    {
        ["Npgsql"] = ("Npgsql", "Npgsql.NpgsqlFactory"),
        ["System.Data.SQLite"] = ("Microsoft.Data.Sqlite", "Microsoft.Data.Sqlite.SqliteFactory"),
    };

    /// <summary>Over a network, where an answer may never come; a file answers or fails by itself.</summary>
    public static bool IsServer(string invariant) => invariant != "System.Data.SQLite";

    /// <summary>The factory of an invariant name.</summary>
    /// <exception cref="OrleansConfigurationException">The name is unknown, or the application does not reference the driver's package.</exception>
    public static DbProviderFactory Load(string invariant)
    {
        if (!Known.TryGetValue(invariant, out var driver))
            throw new OrleansConfigurationException($"There is no ADO.NET driver for the invariant \"{invariant}\"; known are {string.Join(", ", Known.Keys.Select(name => $"\"{name}\""))}.");
        try
        {
            var type = Assembly.Load(driver.Assembly).GetType(driver.Factory, throwOnError: true)!;
            return (DbProviderFactory)type.GetField("Instance", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException or TypeLoadException)
        {
            throw new OrleansConfigurationException($"The invariant \"{invariant}\" needs the package {driver.Assembly}: reference it from the application.", exception);
        }
    }
}
