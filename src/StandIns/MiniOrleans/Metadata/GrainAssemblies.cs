using System.Collections.Concurrent;
using System.Reflection;

namespace Orleans.Metadata;

/// <summary>Finds grain interfaces and classes: in every assembly of the process that uses this one, and in what those refer to.</summary>
internal static class GrainAssemblies
{
    private static readonly ConcurrentDictionary<Assembly, Type[]> Found = new();
    private static readonly string Self = typeof(GrainAssemblies).Assembly.GetName().Name!;

    /// <summary>All grain interfaces and concrete grain classes.</summary>
    public static IReadOnlyList<Type> Types => [.. Assemblies().SelectMany(assembly => Found.GetOrAdd(assembly, TypesOf))];

    private static HashSet<Assembly> Assemblies()
    {
        var seen = new HashSet<string>();
        var users = new HashSet<Assembly> { typeof(GrainAssemblies).Assembly };
        var open = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies());
        while (open.TryDequeue(out var assembly))
        {
            if (assembly.IsDynamic || !seen.Add(assembly.FullName!) || IsFramework(assembly.GetName().Name!)) continue;
            foreach (var reference in assembly.GetReferencedAssemblies())
            {
                if (reference.Name == Self) users.Add(assembly);
                if (!IsFramework(reference.Name!) && !seen.Contains(reference.FullName) && TryLoad(reference) is { } loaded) open.Enqueue(loaded);
            }
        }

        return users;
    }

    private static bool IsFramework(string name) =>
        name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal) || name is "System" or "mscorlib" or "netstandard";

    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception exception) when (exception is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            // A reference that is not deployed cannot hold a grain that runs.
            return null;
        }
    }

    private static Type[] TypesOf(Assembly assembly) =>
        [.. assembly.GetTypes().Where(type => !type.ContainsGenericParameters && (GrainInterface.IsGrainInterface(type) || (type is { IsClass: true, IsAbstract: false } && typeof(IGrainBase).IsAssignableFrom(type))))];
}
