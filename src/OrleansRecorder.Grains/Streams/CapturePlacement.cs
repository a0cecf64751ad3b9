using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace OrleansRecorder.Streams;

/// <summary>A stream's activation is where its capture is to run: on the silo that the caller names, else on the caller's own.</summary>
[Serializable]
internal sealed class CapturePlacementStrategy : PlacementStrategy;

/// <inheritdoc cref="CapturePlacementStrategy"/>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class CapturePlacementAttribute() : PlacementAttribute(new CapturePlacementStrategy());

/// <summary>Follows the hint of the caller if that silo takes activations.</summary>
internal sealed class CapturePlacementDirector : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        if (silos.Length == 0) throw new OrleansException("No silo can take a stream now.");
        var hint = IPlacementDirector.GetPlacementHint(target.RequestContextData, silos);
        return Task.FromResult(hint ?? (silos.Contains(context.LocalSilo) ? context.LocalSilo : silos[0]));
    }
}
