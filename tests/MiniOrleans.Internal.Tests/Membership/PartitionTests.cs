namespace MiniOrleans.Internal.Tests.Membership;

public sealed class PartitionTests
{
    [Fact]
    public void A_silo_that_reaches_nobody_ends_and_the_others_stay()
    {
        var farm = SimulatedFarm.Of(4, out var silos);

        farm.Isolate(silos[2]);
        farm.Until(() => silos[2].Ended is not null, 15);
        farm.Run(TimeSpan.FromSeconds(30));

        Assert.All(silos.Where(silo => silo != silos[2]), silo => Assert.Equal(SiloStatus.Active, farm.Table.StatusOf(silo.Address)));
    }

    [Fact]
    public void Of_two_silos_that_do_not_reach_each_other_exactly_one_stays()
    {
        var farm = SimulatedFarm.Of(2, out var silos);

        farm.Cut(silos[0], silos[1]);
        farm.Until(() => silos.Any(silo => silo.Ended is not null), 15);
        farm.Run(TimeSpan.FromSeconds(30));

        Assert.Single(silos, silo => silo.Ended is null);
        Assert.Single(silos, silo => farm.Table.StatusOf(silo.Address) == SiloStatus.Active);
    }

    [Fact]
    public void A_cut_between_two_silos_that_a_third_one_reaches_kills_nobody()
    {
        var farm = SimulatedFarm.Of(3, out var silos);

        farm.CutOneWay(silos[0], silos[1]);
        farm.Run(TimeSpan.FromSeconds(60));

        Assert.All(silos, silo => Assert.Null(silo.Ended));
        Assert.All(silos, silo => Assert.Equal(SiloStatus.Active, farm.Table.StatusOf(silo.Address)));
    }

    [Fact]
    public void A_silo_that_hears_nobody_kills_nobody_and_is_dead()
    {
        var farm = SimulatedFarm.Of(4, out var silos);

        foreach (var other in silos.Skip(1)) farm.CutOneWay(other, silos[0]);
        farm.Until(() => farm.Table.StatusOf(silos[0].Address) == SiloStatus.Dead, 15);
        farm.Run(TimeSpan.FromSeconds(30));

        Assert.NotNull(silos[0].Ended);
        Assert.All(silos.Skip(1), silo => Assert.Equal(SiloStatus.Active, farm.Table.StatusOf(silo.Address)));
    }

    [Fact]
    public void Halves_of_a_farm_that_lost_each_other_leave_only_one_of_them()
    {
        var farm = SimulatedFarm.Of(4, out var silos);

        foreach (var one in silos.Take(2))
        {
            foreach (var other in silos.Skip(2)) farm.Cut(one, other);
        }

        farm.Run(TimeSpan.FromSeconds(60));

        var left = silos.Where(silo => silo.Ended is null).ToList();
        Assert.NotEmpty(left);
        Assert.All(left, one => Assert.All(left, other => Assert.Equal(SiloStatus.Active, one.Sees(other))));
        Assert.True(left.Intersect(silos.Take(2)).Count() is 0 or 2 && left.Intersect(silos.Skip(2)).Count() is 0 or 2 || left.Count == 1);
        Assert.True(!left.Intersect(silos.Take(2)).Any() || !left.Intersect(silos.Skip(2)).Any());
    }

    [Fact]
    public void While_the_table_is_away_nobody_is_declared_dead_and_afterwards_the_dead_are()
    {
        var farm = SimulatedFarm.Of(3, out var silos);

        farm.Table.IsAway = true;
        farm.Run(TimeSpan.FromSeconds(60));
        silos[1].Kill();
        farm.Run(TimeSpan.FromSeconds(60));
        Assert.All(silos, silo => Assert.Null(silo.Ended));
        Assert.Equal(SiloStatus.Active, silos[0].Sees(silos[1]));

        farm.Table.IsAway = false;
        var took = farm.Until(() => silos[0].Sees(silos[1]) == SiloStatus.Dead && silos[2].Sees(silos[1]) == SiloStatus.Dead);
        farm.Run(TimeSpan.FromSeconds(30));

        Assert.InRange(took.TotalSeconds, 0, 10);
        Assert.Equal(SiloStatus.Active, farm.Table.StatusOf(silos[0].Address));
        Assert.Equal(SiloStatus.Active, farm.Table.StatusOf(silos[2].Address));
    }
}
