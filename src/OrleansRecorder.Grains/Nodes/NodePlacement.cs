using Orleans.Placement;
using Orleans.Runtime.Placement;
using OrleansRecorder.Archive;

namespace OrleansRecorder.Nodes;

/// <summary>The grain lives on the silo that its key names, and nowhere else.</summary>
[Serializable]
internal sealed class NodePlacementStrategy : PlacementStrategy;

/// <inheritdoc cref="NodePlacementStrategy"/>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NodePlacementAttribute() : PlacementAttribute(new NodePlacementStrategy());

/// <summary>Finds the silo by its name.</summary>
internal sealed class NodePlacementDirector(IClusterMembershipService membership) : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var name = target.GrainIdentity.Key.ToString() ?? "";
        var members = membership.CurrentSnapshot.Members;

        // While a node starts again its earlier life may not have been declared dead yet.
        var silo = context.GetCompatibleSilos(target).Where(s => members.TryGetValue(s, out var member) && member.Name == name).MaxBy(s => s.Generation);
        return silo is null ? throw new NodeUnavailableException(name) : Task.FromResult(silo);
    }
}
