using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Placement;

namespace Orleans.Runtime;

/// <summary>Finds the silo of a grain, or chooses one for it.</summary>
internal sealed class PlacementService(Silo silo) : IPlacementContext
{
    public SiloAddress LocalSilo => silo.Address;

    public SiloStatus LocalSiloStatus => silo.Status;

    public SiloAddress[] GetCompatibleSilos(PlacementTarget target)
    {
        SiloAddress[] silos = [.. silo.Membership.CurrentSnapshot.Active.Order()];
        return silos.Length > 0 ? silos : throw new OrleansException($"No silo is active that could run {target.GrainIdentity}.");
    }

    /// <summary>Where the grain is; null when it is nowhere.</summary>
    public async ValueTask<SiloAddress?> Find(Message message, GrainClass grainClass)
    {
        if (!grainClass.UsesDirectory) return await Choose(message, grainClass).ConfigureAwait(false);
        return await LookupAlive(message.Target).ConfigureAwait(false);
    }

    /// <summary>Where the grain is, or from now on will be.</summary>
    public async ValueTask<SiloAddress> FindOrPlace(Message message, GrainClass grainClass)
    {
        if (!grainClass.UsesDirectory) return await Choose(message, grainClass).ConfigureAwait(false);
        if (await LookupAlive(message.Target).ConfigureAwait(false) is { } known) return known;
        var chosen = await Choose(message, grainClass).ConfigureAwait(false);
        return await silo.Cluster.Directory.Register(message.Target, chosen).ConfigureAwait(false);
    }

    private async ValueTask<SiloAddress?> LookupAlive(GrainId grain)
    {
        var known = await silo.Cluster.Directory.Lookup(grain).ConfigureAwait(false);
        if (known is null || silo.Membership.CurrentSnapshot.GetSiloStatus(known) != SiloStatus.Dead) return known;
        await silo.Cluster.Directory.Unregister(grain, known).ConfigureAwait(false);
        return null;
    }

    private async ValueTask<SiloAddress> Choose(Message message, GrainClass grainClass)
    {
        var strategy = grainClass.Placement;
        var director = silo.Services.GetKeyedService<IPlacementDirector>(strategy.GetType())
            ?? throw new OrleansException($"The placement strategy {strategy.GetType()} has no director on this silo: call AddPlacementDirector.");
        var context = silo.Caller.Wire.ReadContext(message.Context)?.ToDictionary() ?? [];
        var target = new PlacementTarget(message.Target, new GrainInterfaceType(message.InterfaceName), message.InterfaceVersion, context);
        return await director.OnAddActivation(strategy, target, this).ConfigureAwait(false);
    }
}
