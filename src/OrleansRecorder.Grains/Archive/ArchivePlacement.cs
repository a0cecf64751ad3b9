using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace OrleansRecorder.Archive;

/// <summary>The grain lives on the silo that its key names, and nowhere else.</summary>
[Serializable]
internal sealed class ArchivePlacementStrategy : PlacementStrategy;

/// <inheritdoc cref="ArchivePlacementStrategy"/>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ArchivePlacementAttribute() : PlacementAttribute(new ArchivePlacementStrategy());

/// <summary>Finds the silo by its name.</summary>
internal sealed class ArchivePlacementDirector(IClusterMembershipService membership) : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var name = target.GrainIdentity.Key.ToString();
        var members = membership.CurrentSnapshot.Members;
        var silo = Array.Find(context.GetCompatibleSilos(target), s => members.TryGetValue(s, out var member) && member.Name == name);
        return silo is null ? throw new NodeUnavailableException(name ?? "") : Task.FromResult(silo);
    }
}
