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
        return await LookupAlive(message, anew: false).ConfigureAwait(false);
    }

    /// <summary>Where the grain is, or from now on will be.</summary>
    /// <param name="message">For the grain.</param>
    /// <param name="grainClass">Its class.</param>
    /// <param name="anew">What this silo remembers does not count.</param>
    public async ValueTask<SiloAddress> FindOrPlace(Message message, GrainClass grainClass, bool anew)
    {
        if (!grainClass.UsesDirectory) return await Choose(message, grainClass).ConfigureAwait(false);
        if (await LookupAlive(message, anew).ConfigureAwait(false) is { } known) return known;
        var chosen = await Choose(message, grainClass).ConfigureAwait(false);
        return await silo.Cluster.Directory.Place(message.Target, chosen).ConfigureAwait(false);
    }

    private async ValueTask<SiloAddress?> LookupAlive(Message message, bool anew)
    {
        var (grain, directory) = (message.Target, silo.Cluster.Directory);
        var remembered = anew ? null : directory.Recall(grain);
        message.IsRemembered = remembered is not null;
        var known = remembered ?? (anew ? await directory.LookupAnew(grain).ConfigureAwait(false) : await directory.Lookup(grain).ConfigureAwait(false));
        if (known is null || silo.Membership.CurrentSnapshot.GetSiloStatus(known) != SiloStatus.Dead) return known;
        message.IsRemembered = false;
        await directory.Unregister(grain, known).ConfigureAwait(false);
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
