using System.Collections.Immutable;
using System.Reflection;
using Orleans.Metadata;
using Orleans.Placement;

namespace Orleans.Runtime;

/// <summary>A rule that can be rebuilt by its name.</summary>
internal sealed record PlacementRegistration(Type Strategy, Func<PlacementStrategy> Create);

/// <summary>The rule of each grain class, rebuilt from its properties as every silo of a cluster does it.</summary>
internal sealed class PlacementRules(IEnumerable<PlacementRegistration> registrations)
{
    private const string StrategyProperty = "placement-strategy";
    private readonly Dictionary<string, Func<PlacementStrategy>> _strategies = registrations
        .GroupBy(registration => registration.Strategy.Name)
        .ToDictionary(group => group.Key, group => group.Last().Create);

    public PlacementStrategy StrategyFor(Type grainClass, GrainType grainType, IServiceProvider services)
    {
        if (grainClass.GetCustomAttribute<PlacementAttribute>(inherit: true)?.PlacementStrategy is not { } declared) return new RandomPlacement();
        var properties = new Dictionary<string, string> { [StrategyProperty] = declared.GetType().Name };
        declared.PopulateGrainProperties(services, grainClass, grainType, properties);
        // A rule without a director fails when a grain is placed, not the start of silos that never see such a grain.
        if (!_strategies.TryGetValue(properties[StrategyProperty], out var create)) return declared;
        var rebuilt = create();
        rebuilt.Initialize(new GrainProperties(properties.ToImmutableDictionary()));
        return rebuilt;
    }
}
