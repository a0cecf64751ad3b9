using System.Reflection;

namespace OrleansRecorder.Database;

/// <summary>The scripts of the repository's <c>sql</c> folder, which this program carries as resources.</summary>
internal static class SqlScripts
{
    /// <summary>The texts of a folder, <c>sqlite</c> or <c>postgresql</c>, in the order of their names.</summary>
    public static IEnumerable<string> Of(string folder)
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return reader.ReadToEnd();
        }
    }
}
