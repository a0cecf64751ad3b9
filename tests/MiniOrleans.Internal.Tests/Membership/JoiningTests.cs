using System.Net;

namespace MiniOrleans.Internal.Tests.Membership;

public sealed class JoiningTests
{
    [Fact]
    public void A_silo_that_restarts_takes_the_place_of_its_earlier_life()
    {
        var farm = SimulatedFarm.Of(3, out var silos);
        silos[0].Kill();

        var again = farm.Start(silos[0].Address.Endpoint.Port);
        farm.Run(TimeSpan.FromSeconds(1));

        Assert.Equal(SiloStatus.Dead, silos[1].Sees(silos[0]));
        Assert.Equal(SiloStatus.Active, silos[1].Sees(again));
    }

    [Fact]
    public void A_silo_that_does_not_reach_an_active_one_waits()
    {
        var farm = SimulatedFarm.Of(2, out var silos);
        var joiner = farm.Create();
        farm.Cut(joiner, silos[1]);
        farm.Finish(joiner.Announce(SiloStatus.Joining));

        var becoming = joiner.Announce(SiloStatus.Active);
        farm.Run(TimeSpan.FromSeconds(30));
        Assert.False(becoming.IsCompleted);
        Assert.Equal(SiloStatus.Active, farm.Table.StatusOf(silos[1].Address));

        farm.Heal();
        farm.Finish(becoming);
        farm.Until(() => silos[0].Sees(joiner) == SiloStatus.Active, 1);
    }

    [Fact]
    public void A_silo_that_is_not_let_in_is_told_why_even_when_the_others_bury_it_before_it_has_left()
    {
        var farm = SimulatedFarm.Of(2, out var silos);
        var joiner = farm.Create();
        farm.Finish(joiner.Announce(SiloStatus.Joining));
        farm.Until(() => silos[0].Knows(joiner) is not null, 5);
        joiner.IsRefused = true;

        var refused = Assert.Throws<OrleansConfigurationException>(() => farm.Finish(joiner.Announce(SiloStatus.Active)));
        farm.Finish(silos[0].Agent.Write(silos[0].Knows(joiner)!.With(SiloStatus.Dead, null)).AsTask());
        farm.Run(TimeSpan.FromSeconds(1));

        Assert.Contains("secret", refused.Message, StringComparison.Ordinal);
        Assert.Null(joiner.Ended);
    }

    [Fact]
    public void After_a_total_crash_a_silo_on_a_new_endpoint_is_up_once_the_old_ones_have_been_silent_for_long_enough()
    {
        var farm = SimulatedFarm.Of(3, out var silos);
        foreach (var silo in silos) silo.Kill();
        var began = farm.Time.GetUtcNow();

        farm.Start();

        Assert.InRange((farm.Time.GetUtcNow() - began).TotalSeconds, 5, 30);
        Assert.All(silos, silo => Assert.Equal(SiloStatus.Dead, farm.Table.StatusOf(silo.Address)));
    }

    [Fact]
    public void After_a_total_crash_the_same_endpoints_are_up_again_soon()
    {
        var farm = SimulatedFarm.Of(3, out var silos);
        foreach (var silo in silos) silo.Kill();
        farm.Run(TimeSpan.FromSeconds(2));
        var began = farm.Time.GetUtcNow();

        var again = silos.Select(silo => farm.Create(silo.Address.Endpoint.Port)).ToArray();
        farm.Finish(Task.WhenAll(again.Select(async silo =>
        {
            await silo.Announce(SiloStatus.Joining).ConfigureAwait(false);
            await silo.Announce(SiloStatus.Active).ConfigureAwait(false);
        })));

        Assert.InRange((farm.Time.GetUtcNow() - began).TotalSeconds, 0, 10);
    }

    [Fact]
    public void A_joiner_whose_clock_is_ahead_declares_no_living_silo_dead()
    {
        var farm = SimulatedFarm.Of(2, out var silos);
        // What the other one wrote looks ten minutes old, and the network between the two does not work yet.
        var aged = silos[1].Knows(silos[1])!.With(SiloStatus.Active, null);
        aged.IAmAliveTime -= TimeSpan.FromMinutes(10);
        farm.Table.Write(aged);
        var joiner = farm.Create();
        farm.Cut(joiner, silos[1]);
        farm.Finish(joiner.Announce(SiloStatus.Joining));

        var becoming = joiner.Announce(SiloStatus.Active);
        farm.Run(TimeSpan.FromSeconds(60));

        Assert.False(becoming.IsCompleted);
        Assert.Equal(SiloStatus.Active, farm.Table.StatusOf(silos[1].Address));
    }

    [Fact]
    public void A_silo_whose_clock_is_behind_its_earlier_life_says_so()
    {
        var farm = SimulatedFarm.Of(1, out var silos);
        farm.Table.Write(new MembershipEntry { SiloAddress = SiloAddress.New(IPAddress.Loopback, 5, int.MaxValue), Status = SiloStatus.Dead });
        var joiner = farm.Create(5);

        var refused = Assert.Throws<OrleansConfigurationException>(() => farm.Finish(joiner.Announce(SiloStatus.Joining)));

        Assert.Contains("clock", refused.Message, StringComparison.Ordinal);
        Assert.Equal(SiloStatus.None, farm.Table.StatusOf(joiner.Address));
        Assert.Null(silos[0].Ended);
    }

    [Fact]
    public void Silos_that_join_at_the_same_moment_all_come_in()
    {
        var farm = SimulatedFarm.Of(0, out _);
        var other = 0;
        farm.Table.Before = Faster;
        void Faster()
        {
            farm.Table.Write(new MembershipEntry { SiloAddress = SiloAddress.New(IPAddress.Loopback, 100 + other, 1), Status = SiloStatus.Dead });
            if (++other < 5) farm.Table.Before = Faster;
        }

        var silo = farm.Start();

        Assert.Equal(5, farm.Table.Conflicts);
        Assert.Equal(SiloStatus.Active, farm.Table.StatusOf(silo.Address));
    }

    [Fact]
    public void A_silo_that_leaves_is_known_to_be_leaving_and_then_to_be_gone_at_once()
    {
        var farm = SimulatedFarm.Of(3, out var silos);

        farm.Finish(silos[0].Announce(SiloStatus.ShuttingDown));
        farm.Run(TimeSpan.FromMilliseconds(100));
        Assert.Equal(SiloStatus.ShuttingDown, silos[1].Sees(silos[0]));
        farm.Finish(silos[0].Announce(SiloStatus.Dead));
        farm.Run(TimeSpan.FromMilliseconds(100));

        Assert.Equal(SiloStatus.Dead, silos[2].Sees(silos[0]));
        Assert.Null(silos[0].Ended);
    }

    [Fact]
    public void A_silo_leaves_in_time_although_the_table_is_away()
    {
        var farm = SimulatedFarm.Of(2, out var silos);
        farm.Table.IsAway = true;

        farm.Finish(silos[0].Announce(SiloStatus.ShuttingDown), withinSeconds: 4);
        farm.Finish(silos[0].Announce(SiloStatus.Dead), withinSeconds: 4);
    }

    [Fact]
    public void A_silo_that_somebody_declares_dead_ends()
    {
        var farm = SimulatedFarm.Of(3, out var silos);
        farm.Finish(silos[0].Agent.Write(silos[0].Knows(silos[2])!.With(SiloStatus.Dead, null)).AsTask());
        farm.Until(() => silos[2].Ended is not null, 1);

        Assert.Equal(SiloStatus.Dead, silos[1].Sees(silos[2]));
    }
}
