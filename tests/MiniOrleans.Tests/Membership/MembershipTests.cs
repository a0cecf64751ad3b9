using Microsoft.Extensions.DependencyInjection;
using MiniOrleans.Tests.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace MiniOrleans.Tests.Membership;

public sealed class MembershipTests(ThreeSilos silos) : IClassFixture<ThreeSilos>
{
    [Fact, Trait("Case", "49")]
    public async Task Every_view_of_the_cluster_tells_who_is_active_and_who_is_dead()
    {
        var addresses = silos.Cluster.Silos.ToDictionary(silo => silo.SiloAddress, silo => silo.Name);
        await Eventually.IsTrue(async () => (await silos.Management.GetHosts(onlyActive: true)).Count == 3);

        var hosts = await silos.Management.GetHosts();
        Assert.Equal(addresses.Keys.Order(), hosts.Keys.Order());
        Assert.All(hosts.Values, status => Assert.Equal(SiloStatus.Active, status));
        var detailed = await silos.Management.GetDetailedHosts();
        Assert.All(detailed, entry => Assert.Equal(addresses[entry.SiloAddress], entry.SiloName));
        foreach (var address in addresses.Keys)
        {
            var membership = Membership(address);
            await Eventually.IsTrue(() => addresses.Keys.All(silo => membership.CurrentSnapshot.GetSiloStatus(silo) == SiloStatus.Active));
            Assert.All(membership.CurrentSnapshot.Members.Values, member => Assert.Equal(addresses[member.SiloAddress], member.Name));
            var local = silos.Cluster.GetSiloServiceProvider(address).GetRequiredService<ILocalSiloDetails>();
            Assert.Equal(address, local.SiloAddress);
            Assert.Equal(addresses[address], local.Name);
        }

        var victim = silos.Cluster.Silos[2];
        await silos.Cluster.KillSiloAsync(victim);

        await Eventually.IsTrue(async () => (await silos.Management.GetHosts()).GetValueOrDefault(victim.SiloAddress) == SiloStatus.Dead, 30);
        await Eventually.IsTrue(async () => (await silos.Management.GetHosts(onlyActive: true)).Count == 2);
        var survivor = Membership(silos.Cluster.Silos[0].SiloAddress);
        await Eventually.IsTrue(() => survivor.CurrentSnapshot.GetSiloStatus(victim.SiloAddress) == SiloStatus.Dead, 30);
    }

    private IClusterMembershipService Membership(SiloAddress silo) => silos.Cluster.GetSiloServiceProvider(silo).GetRequiredService<IClusterMembershipService>();
}

public sealed class MetadataTests(ThreeSilos silos) : IClassFixture<ThreeSilos>
{
    [Fact, Trait("Case", "51")]
    public async Task Metadata_of_a_silo_is_seen_on_the_others()
    {
        foreach (var reader in silos.Cluster.Silos)
        {
            var cache = silos.Cluster.GetSiloServiceProvider(reader.SiloAddress).GetRequiredService<ISiloMetadataCache>();
            foreach (var silo in silos.Cluster.Silos)
            {
                await Eventually.IsTrue(() => cache.GetSiloMetadata(silo.SiloAddress).Metadata.GetValueOrDefault("zone") == $"zone of {silo.Name}", 10);
            }
        }
    }

    [Fact, Trait("Case", "51")]
    public void A_silo_that_nobody_knows_has_no_metadata()
    {
        var cache = silos.Services(0).GetRequiredService<ISiloMetadataCache>();
        Assert.Empty(cache.GetSiloMetadata(SiloAddress.FromParsableString("10.1.2.3:11111@123456")).Metadata);
    }

    [Fact, Trait("Case", "50")]
    public async Task Detailed_statistics_list_each_active_grain_of_a_class_with_its_silo()
    {
        var grains = Enumerable.Range(0, 12).Select(_ => silos.Client.GetGrain<IScatteredGrain>(Unique.Key("listed"))).ToArray();
        var expected = new Dictionary<GrainId, string>();
        foreach (var grain in grains) expected[grain.GetGrainId()] = await grain.Silo();

        var listed = await silos.Management.GetDetailedGrainStatistics([$"{typeof(ScatteredGrain).FullName},{typeof(ScatteredGrain).Assembly.GetName().Name}"]);

        Assert.Equal(expected, listed.ToDictionary(entry => entry.GrainId, entry => entry.SiloAddress.ToString()));
        Assert.Equal(expected.Keys.Order(), (await silos.Management.GetActiveGrains(GrainType.Create("placed.scattered"))).Order());
    }
}

public sealed class GrowthTests(ThreeSilos silos) : IClassFixture<ThreeSilos>
{
    [Fact, Trait("Case", "57")]
    public async Task A_silo_that_joins_under_load_takes_new_grains_and_moves_none()
    {
        var old = NewGrains(40);
        var before = await Task.WhenAll(old.Select(grain => grain.Activation()));
        using var enough = new CancellationTokenSource();
        var load = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested) await Task.WhenAll(old.Select(grain => grain.Silo()));
        });

        var joined = await silos.Cluster.StartAdditionalSiloAsync();
        await Eventually.IsTrue(async () => (await silos.Management.GetHosts(onlyActive: true)).ContainsKey(joined.SiloAddress), 30);
        await Eventually.IsTrue(async () => (await NewGrains(1)[0].Silo()) == joined.SiloAddress.ToString(), 30, "a new grain lands on the silo that joined");

        await enough.CancelAsync();
        await load;
        Assert.Equal(before, await Task.WhenAll(old.Select(grain => grain.Activation())));
    }

    private IScatteredGrain[] NewGrains(int count) => [.. Enumerable.Range(0, count).Select(_ => silos.Client.GetGrain<IScatteredGrain>(Unique.Key("scattered")))];
}
