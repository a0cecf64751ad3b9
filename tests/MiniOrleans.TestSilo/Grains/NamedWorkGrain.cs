using System.Diagnostics;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace MiniOrleans.TestSilo.Grains;

/// <inheritdoc cref="INamedWorkGrain"/>
[GrainType("test.named"), NamedSiloPlacement]
public sealed class NamedWorkGrain(IClusterMembershipService membership, ISiloMetadataCache metadata) : Grain, INamedWorkGrain
{
    /// <inheritdoc/>
    public Task<string> Silo() => Task.FromResult(RuntimeIdentity);

    /// <inheritdoc/>
    public Task Sleep(TimeSpan time)
    {
        Say.Line($"sleeping {this.GetPrimaryKeyString()}");
        return Task.Delay(time);
    }

    /// <inheritdoc/>
    public async Task<CallOutcome> CallSleep(string namedGrain, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            await GrainFactory.GetGrain<INamedWorkGrain>(namedGrain).Sleep(time);
            return new(null, clock.Elapsed);
        }
        catch (Exception exception)
        {
            // What it was is the answer.
            return new(exception.GetType().Name, clock.Elapsed);
        }
    }

    /// <inheritdoc/>
    public Task<Guid> ActivationOf(string workGrain) => GrainFactory.GetGrain<IWorkGrain>(workGrain).Activation();

    /// <inheritdoc/>
    public Task<Dictionary<string, SiloStatus>> Members() => Task.FromResult(membership.CurrentSnapshot.Members.Values
        .GroupBy(member => member.Name)
        .ToDictionary(group => group.Key, group => group.MaxBy(member => member.SiloAddress.Generation)!.Status));

    /// <inheritdoc/>
    public Task<string?> ZoneOf(string silo) => Task.FromResult(membership.CurrentSnapshot.Members.Values.FirstOrDefault(member => member.Name == silo && member.Status == SiloStatus.Active) is { } member
        ? metadata.GetSiloMetadata(member.SiloAddress).Metadata.GetValueOrDefault("zone")
        : null);
}
