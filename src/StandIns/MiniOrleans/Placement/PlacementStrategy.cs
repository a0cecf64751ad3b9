using Orleans.Metadata;

namespace Orleans.Runtime;

/// <summary>Names a rule for where activations go. Rebuilt from the grain's properties: what an attribute's instance holds is lost unless it is written there.</summary>
public abstract class PlacementStrategy
{
    /// <summary>Whether there is one activation a grain in the cluster, found through the grain directory. Default: true.</summary>
    public virtual bool IsUsingGrainDirectory => true;

    /// <summary>Reads back what <see cref="PopulateGrainProperties"/> wrote.</summary>
    public virtual void Initialize(GrainProperties properties) { }

    /// <summary>Writes what the rule needs into the grain's properties.</summary>
    public virtual void PopulateGrainProperties(IServiceProvider services, Type grainClass, GrainType grainType, Dictionary<string, string> properties) { }
}
