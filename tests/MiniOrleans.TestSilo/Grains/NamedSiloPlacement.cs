using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace MiniOrleans.TestSilo.Grains;

/// <summary>On the active silo whose name the key begins with, up to a slash.</summary>
public sealed class NamedSiloPlacement : PlacementStrategy;

/// <inheritdoc cref="NamedSiloPlacement"/>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NamedSiloPlacementAttribute() : PlacementAttribute(new NamedSiloPlacement());

/// <inheritdoc cref="NamedSiloPlacement"/>
public sealed class NamedSiloDirector(IClusterMembershipService membership) : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var name = target.GrainIdentity.Key.ToString()!.Split('/')[0];
        var silo = membership.CurrentSnapshot.Members.Values.FirstOrDefault(member => member.Name == name && member.Status == SiloStatus.Active);
        return silo is null ? throw new OrleansException($"There is no active silo {name}.") : Task.FromResult(silo.SiloAddress);
    }
}
