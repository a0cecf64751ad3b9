namespace Orleans.Runtime;

/// <summary>Which grain class serves which interface; a client gets it from its gateway.</summary>
internal sealed class GrainTypeMap(IReadOnlyList<GrainTypeMap.Entry> entries)
{
    private readonly ILookup<string, Entry> _byInterface = entries
        .SelectMany(entry => entry.Interfaces.Select(name => (name, entry)))
        .ToLookup(pair => pair.name, pair => pair.entry);

    public static GrainTypeMap Empty { get; } = new([]);

    public IReadOnlyList<Entry> Entries => entries;

    /// <exception cref="ArgumentException">Not exactly one class serves the interface.</exception>
    public GrainType Resolve(Type interfaceType, string? classNamePrefix)
    {
        var candidates = _byInterface[GrainInterface.NameOf(interfaceType)]
            .Where(entry => classNamePrefix is null || entry.ClassName.StartsWith(classNamePrefix, StringComparison.Ordinal))
            .ToList();
        return candidates.Count switch
        {
            1 => GrainType.Create(candidates[0].GrainType),
            0 => throw new ArgumentException($"No grain class implements {interfaceType}{(classNamePrefix is null ? "" : $" and begins with \"{classNamePrefix}\"")}."),
            _ => throw new ArgumentException($"Several grain classes implement {interfaceType}: {string.Join(", ", candidates.Select(entry => entry.ClassName))}. Say which with grainClassNamePrefix."),
        };
    }

    /// <summary>A class, by the names of its interfaces.</summary>
    [GenerateSerializer]
    internal sealed record Entry(string GrainType, string ClassName, string[] Interfaces);
}
