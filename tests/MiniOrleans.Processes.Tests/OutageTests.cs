using MiniOrleans.TestSilo.Grains;

namespace MiniOrleans.Processes.Tests;

/// <summary>A PostgreSQL of its own: it is killed.</summary>
public sealed class OutageTests(Database database) : IClassFixture<Database>
{
    [Fact]
    public async Task While_the_database_is_away_known_grains_answer_nobody_is_declared_dead_and_afterwards_all_is_well()
    {
        await using var farm = await Farm.Start(database.Server, 3);
        var grains = Enumerable.Range(0, 30).Select(n => farm.Work($"known-{n}-work")).ToArray();
        var before = await Task.WhenAll(grains.Select(grain => grain.Activation()));
        foreach (var silo in farm.Silos) await farm.On(silo.Name).Silo();

        await database.Server.Kill();

        // Also silos that have never called these grains find them.
        foreach (var silo in farm.Silos) Assert.Equal(before, await Task.WhenAll(grains.Select(grain => farm.On(silo.Name).ActivationOf(grain.GetPrimaryKeyString()))));
        var over = DateTime.UtcNow.AddSeconds(20);
        while (DateTime.UtcNow < over)
        {
            Assert.Equal(before, await Task.WhenAll(grains.Select(grain => grain.Activation())));
            await Task.Delay(500);
        }

        Assert.All(farm.Silos, silo => Assert.False(silo.HasExited));
        await Assert.ThrowsAnyAsync<Exception>(() => farm.Work("unknown-work").Add());
        await database.Server.Start();

        await farm.Until(async () => await farm.Work("new-work").Add() > 0, 20);
        await Task.Delay(TimeSpan.FromSeconds(8));
        foreach (var silo in farm.Silos) Assert.Equal(SiloStatus.Active, await farm.StatusInTable(silo));
        Assert.Equal(before, await Task.WhenAll(grains.Select(grain => grain.Activation())));
        await farm.Silos[2].Kill();
        await farm.UntilDead(farm.Silos[2], 10);
    }
}
