using System.Collections.Concurrent;

namespace Orleans.Serialization;

/// <summary>Types by the names they have on the wire.</summary>
internal static class WireTypes
{
    private static readonly ConcurrentDictionary<Type, string> Names = new();
    private static readonly ConcurrentDictionary<string, Type> Types = new();

    public static string NameOf(Type type) => Names.GetOrAdd(type, static t => t.AssemblyQualifiedName!);

    /// <exception cref="CodecNotFoundException">This process does not know the type, or it has no codec.</exception>
    public static Type Find(string name)
    {
        if (Types.TryGetValue(name, out var known)) return known;
        var type = Type.GetType(name) ?? throw new CodecNotFoundException($"This process does not know the type \"{name}\".");
        // Only what has a codec is kept, so that a peer cannot fill the table with names.
        _ = Codecs.Body(type);
        return Types.GetOrAdd(name, type);
    }
}
