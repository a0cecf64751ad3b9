using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace OrleansRecorder.Archive;

/// <summary>The grain lives on a silo whose node serves the archive that its key names, and nowhere else.</summary>
[Serializable]
internal sealed class ArchivePlacementStrategy : PlacementStrategy;

/// <inheritdoc cref="ArchivePlacementStrategy"/>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ArchivePlacementAttribute() : PlacementAttribute(new ArchivePlacementStrategy());

/// <summary>
/// Finds the silos that declare the archive in their metadata under <see cref="MetadataKey"/>; a silo that declares none serves the archive of its own name.
/// Of several it takes this one, or else any.
/// </summary>
internal sealed class ArchivePlacementDirector(IClusterMembershipService membership, ISiloMetadataCache metadata, TimeProvider time) : IPlacementDirector
{
    /// <summary>What silos declare.</summary>
    public const string MetadataKey = "archive";

    // What a silo declares is known a moment after it has joined.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private const int MaxPauses = 20;

    /// <inheritdoc/>
    public async Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var archive = target.GrainIdentity.Key.ToString() ?? "";
        for (var pauses = 0; ; pauses++)
        {
            var silos = Array.ConvertAll(context.GetCompatibleSilos(target), silo => (Address: silo, Serves: Declared(silo)));
            var serving = silos.Where(silo => (silo.Serves ?? NameOf(silo.Address)) == archive).Select(silo => silo.Address).ToArray();
            if (serving.Length > 0) return Array.Find(serving, context.LocalSilo.Equals) ?? serving[Random.Shared.Next(serving.Length)];
            if (pauses == MaxPauses || Array.TrueForAll(silos, silo => silo.Serves is not null || silo.Address.Equals(context.LocalSilo))) throw new NodeUnavailableException(archive);
            await Task.Delay(Pause, time);
        }
    }

    private string? Declared(SiloAddress silo) => metadata.GetSiloMetadata(silo).Metadata.GetValueOrDefault(MetadataKey);

    private string? NameOf(SiloAddress silo) => membership.CurrentSnapshot.Members.GetValueOrDefault(silo)?.Name;
}
