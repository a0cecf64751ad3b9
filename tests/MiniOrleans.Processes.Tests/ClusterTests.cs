using MiniOrleans.TestSilo.Grains;
using Orleans.Runtime.Placement;

namespace MiniOrleans.Processes.Tests;

[Collection(nameof(Database))]
public sealed class ClusterTests(Database database)
{
    [Fact]
    public async Task A_grain_that_has_gone_is_placed_as_the_next_call_wishes_though_silos_remember_where_it_was()
    {
        await using var farm = await Farm.Start(database.Server, 3);
        foreach (var silo in farm.Silos)
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo.Address);
            Assert.Equal(silo.Identity, await farm.Work("moving-work").Silo());
            RequestContext.Clear();
            foreach (var other in farm.Silos) await farm.On(other.Name).ActivationOf("moving-work");

            await farm.Management.ForceActivationCollection(TimeSpan.Zero);
            await farm.Until(() => Task.FromResult(silo.Said("deactivated moving-work").Length == 1), 20);
        }
    }

    [Fact, Trait("Case", "1"), Trait("Case", "2"), Trait("Case", "46"), Trait("Case", "49"), Trait("Case", "50"), Trait("Case", "51")]
    public async Task Silos_of_several_processes_are_one_cluster()
    {
        await using var farm = await Farm.Start(database.Server, 3);
        var names = farm.Silos.Select(silo => silo.Name).ToArray();

        // 46: placed by a director, whoever asks
        foreach (var silo in farm.Silos)
        {
            Assert.Equal(silo.Identity, await farm.On(silo.Name).Silo());
            Assert.Equal(silo.Address, await farm.Management.GetActivationAddress(farm.On(silo.Name)));
        }

        // 1: one activation for all callers
        var activations = await Task.WhenAll(names.Select(name => farm.On(name).ActivationOf("one-for-all")));
        Assert.Equal([await farm.Work("one-for-all").Activation()], activations.Distinct());

        // 2: no call is lost or made twice
        var other = await farm.StartClient();
        var counts = await Task.WhenAll(Enumerable.Range(0, 1000).Select(n => (n % 2 == 0 ? farm.Client : other).GetGrain<IWorkGrain>("counted-work").Add()));
        Assert.Equal(Enumerable.Range(1, 1000), counts.Order());

        // 49: every view
        Assert.Equal(names, (await farm.Management.GetDetailedHosts(onlyActive: true)).Select(host => host.SiloName).Order());
        foreach (var name in names)
        {
            await farm.Until(async () => (await farm.On(name).Members()).Count(member => member.Value == SiloStatus.Active) == 3, 10);
        }

        // 50: statistics of all silos
        var grains = Enumerable.Range(0, 30).Select(n => farm.On(names[n % 3], $"listed{n}")).ToArray();
        foreach (var grain in grains) await grain.Silo();
        var listed = await farm.Management.GetDetailedGrainStatistics([$"{typeof(NamedWorkGrain).FullName},{typeof(NamedWorkGrain).Assembly.GetName().Name}"]);
        var perSilo = listed.Where(entry => entry.GrainId.Key.ToString()!.Contains("/listed", StringComparison.Ordinal)).GroupBy(entry => entry.SiloAddress).ToDictionary(group => group.Key, group => group.Count());
        Assert.All(farm.Silos, silo => Assert.Equal(10, perSilo[silo.Address]));
        Assert.Equal(3, (await farm.Management.GetRuntimeStatistics([.. farm.Silos.Select(silo => silo.Address)])).Length);

        // 51: metadata, also of one that comes later
        var late = farm.Launch("late");
        await late.Ready();
        foreach (var name in names)
        {
            foreach (var silo in names.Append("late")) await farm.Until(async () => await farm.On(name).ZoneOf(silo) == $"zone of {silo}", 10);
        }
    }

    [Fact]
    public async Task A_grain_that_has_ended_is_placed_anew_also_by_a_silo_that_remembers_where_it_was()
    {
        await using var farm = await Farm.Start(database.Server, 3);
        await farm.On("a").Silo();

        RequestContext.Set(IPlacementDirector.PlacementHintKey, farm.Silos[1].Address);
        await farm.On("a").ActivationOf("moved-work");
        Assert.Equal(farm.Silos[1].Identity, await farm.Work("moved-work").Silo());
        await farm.Management.ForceActivationCollection(TimeSpan.Zero);
        await farm.Until(async () => (await farm.Management.GetDetailedGrainStatistics()).All(entry => entry.GrainId.Key.ToString() != "moved-work"));

        RequestContext.Set(IPlacementDirector.PlacementHintKey, farm.Silos[2].Address);
        await farm.On("a").ActivationOf("moved-work");
        Assert.Equal(farm.Silos[2].Identity, await farm.Work("moved-work").Silo());
    }

    [Fact, Trait("Case", "57")]
    public async Task A_silo_that_joins_takes_new_grains_and_moves_none()
    {
        await using var farm = await Farm.Start(database.Server, 2);
        var old = Enumerable.Range(0, 40).Select(n => farm.Work($"old-{n}-work")).ToArray();
        var before = await Task.WhenAll(old.Select(grain => grain.Activation()));
        using var enough = new CancellationTokenSource();
        var load = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested) await Task.WhenAll(old.Select(grain => grain.Add()));
        });

        var joined = farm.Launch("c");
        await joined.Ready();
        await farm.WorkOn(joined);

        await enough.CancelAsync();
        await load;
        Assert.Equal(before, await Task.WhenAll(old.Select(grain => grain.Activation())));
    }

    [Fact]
    public async Task Two_silos_of_one_name_are_both_seen()
    {
        await using var farm = await Farm.Start(database.Server, 1);
        var twin = farm.Launch("a");
        await twin.Ready();

        Assert.Equal(["a", "a"], (await farm.Management.GetDetailedHosts(onlyActive: true)).Select(host => host.SiloName));
    }
}
