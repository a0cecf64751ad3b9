using Orleans.Serialization;

namespace Orleans.Runtime;

/// <summary>The grain classes of a silo.</summary>
internal sealed class GrainClasses
{
    private readonly Dictionary<GrainType, GrainClass> _byType = [];

    /// <exception cref="OrleansConfigurationException">Two classes have one name.</exception>
    public GrainClasses(IReadOnlyList<Type> types, IServiceProvider services, PlacementRules placement)
    {
        foreach (var type in types.Where(type => type.IsInterface)) GrainInterface.For(type);
        foreach (var type in types.Where(type => type.IsClass))
        {
            var grainClass = new GrainClass(type, services, placement);
            if (!_byType.TryAdd(grainClass.GrainType, grainClass))
                throw new OrleansConfigurationException($"{type} and {_byType[grainClass.GrainType].Type} are both the grain type \"{grainClass.GrainType}\". Name one with [GrainType].");
        }

        Map = new GrainTypeMap([.. _byType.Values.Select(grainClass => new GrainTypeMap.Entry(
            grainClass.GrainType.ToString()!, grainClass.Type.FullName!, [.. grainClass.Interfaces.Select(GrainInterface.NameOf)]))]);
    }

    /// <summary>Which class serves which interface.</summary>
    public GrainTypeMap Map { get; }

    public GrainClass? Find(GrainType type) => _byType.GetValueOrDefault(type);

    /// <summary>A type in the signature of a grain method that cannot cross a call; null when all can.</summary>
    public (Type Type, GrainMethod Method)? FindMissingCodec()
    {
        var methods = _byType.Values.SelectMany(grainClass => grainClass.Interfaces).Distinct().SelectMany(type => GrainInterface.For(type).Methods).Distinct();
        foreach (var method in methods)
        {
            var used = method.Info.GetParameters().Select(parameter => parameter.ParameterType).Append(method.Return.ResultType ?? method.Return.ElementType);
            foreach (var type in used)
            {
                if (type is not null && type != typeof(CancellationToken) && Codecs.FindMissing(type, []) is { } missing) return (missing, method);
            }
        }

        return null;
    }
}
