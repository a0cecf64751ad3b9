namespace MiniOrleans.Internal.Tests.Membership;

public sealed class DetectionTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_killed_silo_is_dead_for_all_within_five_seconds(int count)
    {
        var farm = SimulatedFarm.Of(count, out var silos);

        silos[1].Kill();
        var took = farm.Until(() => silos.Where(silo => silo != silos[1]).All(silo => silo.Sees(silos[1]) == SiloStatus.Dead));

        Assert.InRange(took.TotalSeconds, 1, 5);
        Assert.All(silos.Where(silo => silo != silos[1]), silo => Assert.Null(silo.Ended));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_silo_that_hangs_is_dead_within_six_seconds_and_ends_itself_when_it_wakes(int count)
    {
        var farm = SimulatedFarm.Of(count, out var silos);

        silos[0].Freeze();
        var took = farm.Until(() => farm.Table.StatusOf(silos[0].Address) == SiloStatus.Dead);
        farm.Run(TimeSpan.FromSeconds(30));
        Assert.Null(silos[0].Ended);
        silos[0].Thaw();

        Assert.InRange(took.TotalSeconds, 1, 6);
        Assert.NotNull(silos[0].Ended);
        Assert.All(silos.Skip(1), silo => Assert.Equal(SiloStatus.Active, farm.Table.StatusOf(silo.Address)));
    }

    [Fact]
    public void A_silo_that_pauses_for_less_than_the_detection_time_stays()
    {
        var farm = SimulatedFarm.Of(3, out var silos);

        silos[0].Freeze();
        farm.Run(TimeSpan.FromSeconds(2));
        silos[0].Thaw();
        farm.Run(TimeSpan.FromSeconds(60));

        Assert.All(silos, silo => Assert.Equal(SiloStatus.Active, farm.Table.StatusOf(silo.Address)));
    }

    [Fact]
    public void A_silo_that_was_held_up_itself_blames_nobody()
    {
        var farm = SimulatedFarm.Of(2, out var silos);

        silos[0].IsHeldUp = true;
        silos[1].Kill();
        farm.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(SiloStatus.Active, farm.Table.StatusOf(silos[1].Address));

        silos[0].IsHeldUp = false;
        farm.Until(() => farm.Table.StatusOf(silos[1].Address) == SiloStatus.Dead, 5);
    }

    [Fact]
    public void When_most_silos_die_at_once_those_that_are_left_notice_that_the_others_give_no_sign_of_life()
    {
        var farm = SimulatedFarm.Of(5, out var silos);

        foreach (var silo in silos.Take(4)) silo.Kill();
        var took = farm.Until(() => silos.Take(4).All(silo => farm.Table.StatusOf(silo.Address) == SiloStatus.Dead));

        Assert.InRange(took.TotalSeconds, 5, 30);
        Assert.Null(silos[4].Ended);
    }

    [Fact]
    public void Every_silo_is_watched_by_as_many_as_are_wanted()
    {
        var entries = Enumerable.Range(1, 30).Select(port => new MembershipEntry { SiloAddress = SiloAddress.New(System.Net.IPAddress.Loopback, port, 1), Status = port % 7 == 0 ? SiloStatus.Joining : SiloStatus.Active }).ToList();
        var active = entries.Where(entry => entry.Status == SiloStatus.Active).ToList();

        var watched = active.SelectMany(watcher => SiloWatch.Chosen(watcher.SiloAddress, entries, 3)).GroupBy(silo => silo).ToDictionary(group => group.Key, group => group.Count());

        Assert.All(entries, entry => Assert.Equal(3, watched[entry.SiloAddress]));
    }
}
