namespace MiniOrleans.Internal.Tests.Membership;

/// <summary>Kills, hangs, cuts, restarts and a table that comes and goes, at random but the same for the same seed.</summary>
public sealed class RandomFaultTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Theory, MemberData(nameof(Seeds))]
    public void Whatever_happens_the_farm_agrees_on_its_members_once_it_is_over(int seed)
    {
        var random = new Random(seed);
        var farm = SimulatedFarm.Of(random.Next(2, 6), out var started);
        var silos = started.ToList();

        for (var step = 0; step < 40; step++)
        {
            Disturb(farm, silos, random);
            farm.Run(TimeSpan.FromSeconds(random.NextDouble() * 6));
            // At no moment may the table have a silo alive again that it had dead.
            Assert.All(silos.Where(silo => silo.Ended is not null), silo => Assert.Equal(SiloStatus.Dead, farm.Table.StatusOf(silo.Address)));
        }

        farm.Heal();
        farm.Table.IsAway = false;
        foreach (var silo in silos.Where(silo => silo.IsFrozen)) silo.Thaw();
        farm.Run(TimeSpan.FromSeconds(90));

        var alive = silos.Where(silo => silo is { IsDown: false, Ended: null }).ToList();
        Assert.All(silos.Except(alive), silo => Assert.NotEqual(SiloStatus.Active, alive.Count == 0 ? SiloStatus.Dead : farm.Table.StatusOf(silo.Address)));
        Assert.All(alive, silo => Assert.All(silos, other => Assert.Equal(farm.Table.StatusOf(other.Address), silo.Sees(other))));
    }

    private static void Disturb(SimulatedFarm farm, List<SimulatedSilo> silos, Random random)
    {
        var alive = silos.Where(silo => silo is { IsDown: false, Ended: null }).ToList();
        if (alive.Count == 0) return;
        var one = alive[random.Next(alive.Count)];
        var other = alive[random.Next(alive.Count)];
        switch (random.Next(10))
        {
            case 0 when alive.Count > 1: one.Kill(); break;
            case 1: one.Freeze(); break;
            case 2 or 3: silos.Where(silo => silo.IsFrozen).ToList().ForEach(silo => silo.Thaw()); break;
            case 4 when one != other: farm.Cut(one, other); break;
            case 5 when one != other: farm.CutOneWay(one, other); break;
            case 6: farm.Heal(); break;
            case 7: farm.Table.IsAway = !farm.Table.IsAway; break;
            case 8 when !farm.Table.IsAway && silos.Count < 12: silos.Add(Join(farm, random, silos)); break;
        }
    }

    // Where a silo has ended, or on a new port; it may take until the farm is whole again to become active.
    private static SimulatedSilo Join(SimulatedFarm farm, Random random, List<SimulatedSilo> silos)
    {
        var free = silos.Where(silo => silo.IsDown && !silos.Any(other => other != silo && !other.IsDown && other.Address.Endpoint.Equals(silo.Address.Endpoint))).ToList();
        var silo = farm.Create(free.Count > 0 && random.Next(2) == 0 ? free[random.Next(free.Count)].Address.Endpoint.Port : null);
        _ = Come();
        return silo;

        async Task Come()
        {
            try
            {
                await silo.Announce(SiloStatus.Joining).ConfigureAwait(false);
                await silo.Announce(SiloStatus.Active).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // It fails its start, as a host does: it is gone.
                silo.Kill();
            }
        }
    }
}
