using Orleans.Runtime.MembershipService.SiloMetadata;

namespace MiniOrleans.Tests.Membership;

/// <summary>Three silos that carry their name as metadata; each test class has its own, since its tests end and add silos.</summary>
public sealed class ThreeSilos() : ClusterFixture(3)
{
    protected override void ConfigureSilo(string name, ISiloBuilder silo) => silo.UseSiloMetadata(new Dictionary<string, string> { ["zone"] = $"zone of {name}" });
}
