using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace MiniOrleans.Tests.Placement;

/// <summary>Places a grain on the silo whose number its key begins with, such as <c>1|name</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NumberedSiloPlacementAttribute() : PlacementAttribute(new NumberedSiloPlacement());

public sealed class NumberedSiloPlacement : PlacementStrategy;

public sealed class NumberedSiloDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var number = int.Parse(target.GrainIdentity.Key.ToString()!.Split('|')[0]);
        return Task.FromResult(Order(context.GetCompatibleSilos(target))[number]);
    }

    /// <summary>The numbering: by address.</summary>
    public static SiloAddress[] Order(IEnumerable<SiloAddress> silos) => [.. silos.Order()];
}
