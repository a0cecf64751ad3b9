namespace Orleans.Runtime.Placement;

/// <summary>Chooses the silo of a new activation. A singleton, registered on every silo.</summary>
public interface IPlacementDirector
{
    /// <summary>The name under which a caller may put a <see cref="SiloAddress"/> into the request context.</summary>
    const string PlacementHintKey = "PlacementHintKey";

    /// <summary>Runs on the silo that needs the grain first.</summary>
    Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context);

    /// <summary>The caller's hint, if it names one of these silos.</summary>
    static SiloAddress? GetPlacementHint(Dictionary<string, object> requestContextData, SiloAddress[] compatibleSilos) =>
        requestContextData is not null && requestContextData.TryGetValue(PlacementHintKey, out var value) && value is SiloAddress hint && compatibleSilos.Contains(hint)
            ? hint
            : null;
}

/// <summary>What a director sees of the cluster.</summary>
public interface IPlacementContext
{
    /// <summary>The silo that asks.</summary>
    SiloAddress LocalSilo { get; }

    /// <summary>Its status.</summary>
    SiloStatus LocalSiloStatus { get; }

    /// <summary>The active silos that have the class.</summary>
    /// <exception cref="OrleansException">There is none.</exception>
    SiloAddress[] GetCompatibleSilos(PlacementTarget target);
}

/// <summary>What is to be placed.</summary>
public readonly struct PlacementTarget
{
    internal PlacementTarget(GrainId grainIdentity, GrainInterfaceType interfaceType, ushort interfaceVersion, Dictionary<string, object> requestContextData)
    {
        GrainIdentity = grainIdentity;
        InterfaceType = interfaceType;
        InterfaceVersion = interfaceVersion;
        RequestContextData = requestContextData;
    }

    /// <summary>The grain.</summary>
    public GrainId GrainIdentity { get; }

    /// <summary>The interface it is called through.</summary>
    public GrainInterfaceType InterfaceType { get; }

    /// <summary>That interface's version.</summary>
    public ushort InterfaceVersion { get; }

    /// <summary>The caller's request context.</summary>
    public Dictionary<string, object> RequestContextData { get; }
}
