using System.Globalization;
using Orleans.Metadata;

namespace Orleans.Runtime;

/// <summary>On the calling silo.</summary>
internal sealed class PreferLocalPlacement : PlacementStrategy;

/// <summary>Anywhere.</summary>
internal sealed class RandomPlacement : PlacementStrategy;

/// <summary>On the silo that the key names.</summary>
internal sealed class KeyedSiloPlacement : PlacementStrategy
{
    public override bool IsUsingGrainDirectory => false;
}

/// <summary>Several a silo, on the calling one.</summary>
internal sealed class StatelessWorkerPlacement(int maxLocalWorkers) : PlacementStrategy
{
    private const string Property = "max-local-workers";

    public StatelessWorkerPlacement() : this(1) { }

    public int MaxLocalWorkers { get; private set; } = maxLocalWorkers;

    public override bool IsUsingGrainDirectory => false;

    public override void PopulateGrainProperties(IServiceProvider services, Type grainClass, GrainType grainType, Dictionary<string, string> properties) =>
        properties[Property] = MaxLocalWorkers.ToString(CultureInfo.InvariantCulture);

    public override void Initialize(GrainProperties properties) => MaxLocalWorkers = int.Parse(properties.Properties[Property], CultureInfo.InvariantCulture);
}
