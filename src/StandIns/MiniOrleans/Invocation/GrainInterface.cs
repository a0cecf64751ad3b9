using System.Collections.Concurrent;
using System.Reflection;
using Orleans.CodeGeneration;

namespace Orleans.Runtime;

/// <summary>A grain interface and its methods, those of its bases included.</summary>
internal sealed class GrainInterface
{
    private static readonly ConcurrentDictionary<Type, GrainInterface> ByType = new();
    private static readonly ConcurrentDictionary<string, GrainInterface> ByName = new();
    private readonly Dictionary<uint, GrainMethod> _byId = [];

    private GrainInterface(Type type)
    {
        Type = type;
        Name = NameOf(type);
        Version = type.GetCustomAttribute<VersionAttribute>()?.Version ?? 0;
        Declared = [.. type.GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(method => method.IsAbstract).Select(method => new GrainMethod(this, method))];
        foreach (var method in Declared)
        {
            if (!_byId.TryAdd(method.Id, method))
                throw new NotSupportedException($"{type} has two methods with one name and the same parameters on the wire: {method.Name}.");
        }

        Methods = [.. Declared, .. type.GetInterfaces().Where(IsGrainInterface).SelectMany(parent => For(parent).Declared)];
    }

    public Type Type { get; }

    /// <summary>Its alias, else its full name.</summary>
    public string Name { get; }

    public ushort Version { get; }

    /// <summary>In the order in which the reference type implements them.</summary>
    public IReadOnlyList<GrainMethod> Methods { get; }

    private IReadOnlyList<GrainMethod> Declared { get; }

    public static GrainInterface For(Type type) => ByType.GetOrAdd(type, static t =>
    {
        var made = new GrainInterface(t);
        return ByName.GetOrAdd(made.Name, made) is var first && first.Type == t ? first : throw new NotSupportedException($"{t} and {first.Type} share the name {first.Name}.");
    });

    /// <summary>The interface that a message names; null when this process does not have it.</summary>
    public static GrainInterface? Find(string name) => ByName.GetValueOrDefault(name);

    public static bool IsGrainInterface(Type type) => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type);

    public static string NameOf(Type type) => type.GetCustomAttribute<AliasAttribute>()?.Alias ?? type.FullName ?? type.Name;

    public GrainMethod? FindMethod(uint id) => _byId.GetValueOrDefault(id);
}
