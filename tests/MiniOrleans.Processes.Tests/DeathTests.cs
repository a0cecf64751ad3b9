using System.Diagnostics;
using MiniOrleans.TestSilo.Grains;
using Xunit.Abstractions;

namespace MiniOrleans.Processes.Tests;

[Collection(nameof(Database))]
public sealed class DeathTests(Database database, ITestOutputHelper output)
{
    [Theory, Trait("Case", "49"), Trait("Case", "52")]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_killed_silo_is_dead_within_five_seconds_and_its_grains_answer_elsewhere_within_ten(int count)
    {
        await using var farm = await Farm.Start(database.Server, count);
        var victim = farm.Silos[1];
        var grain = await farm.WorkOn(victim);

        var clock = Stopwatch.StartNew();
        await victim.Kill();
        var dead = await farm.UntilDead(victim);
        await farm.Until(async () => await grain.Silo() != victim.Identity, 10);

        output.WriteLine($"{count} silos, kill -9: dead after {dead.TotalSeconds:f2} s, its grain answers after {clock.Elapsed.TotalSeconds:f2} s");
        Assert.InRange(dead.TotalSeconds, 0, 5);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
        await farm.Until(async () => (await farm.Management.GetHosts())[victim.Address] == SiloStatus.Dead, 5);
        foreach (var silo in farm.Silos.Where(silo => silo != victim))
        {
            await farm.Until(async () => (await farm.On(silo.Name).Members()).TryGetValue(victim.Name, out var status) && status == SiloStatus.Dead, 5);
        }

        Assert.All(farm.Silos.Where(silo => silo != victim), silo => Assert.False(silo.HasExited));
    }

    [Theory, Trait("Case", "53")]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_silo_that_hangs_is_dead_within_six_seconds_and_ends_itself_when_it_wakes(int count)
    {
        await using var farm = await Farm.Start(database.Server, count);
        var victim = farm.Silos[0];

        await victim.Freeze();
        var dead = await farm.UntilDead(victim);
        output.WriteLine($"{count} silos, SIGSTOP: dead after {dead.TotalSeconds:f2} s");
        Assert.InRange(dead.TotalSeconds, 0, 6);
        await victim.Wake();
        await victim.Exited(withinSeconds: 10);

        Assert.NotEqual(0, victim.ExitCode);
        Assert.All(farm.Silos.Where(silo => silo != victim), silo => Assert.False(silo.HasExited));
    }

    [Fact, Trait("Case", "54")]
    public async Task A_call_between_grains_that_is_under_way_to_a_killed_silo_fails_within_six_seconds()
    {
        await using var farm = await Farm.Start(database.Server, 3);
        var victim = farm.Silos[1];
        var call = farm.On("a").CallSleep($"{victim.Name}/sleeper", TimeSpan.FromSeconds(30));
        await farm.Until(() => Task.FromResult(victim.Said("sleeping ").Length == 1));

        var clock = Stopwatch.StartNew();
        await victim.Kill();
        // The client's own patience ends with the call's, and its way may have led through the victim: whichever comes first tells.
        string? failure;
        try
        {
            failure = (await call).Failure;
        }
        catch (Exception exception) when (exception is TimeoutException or SiloUnavailableException)
        {
            failure = exception.GetType().Name;
        }

        output.WriteLine($"{failure} after {clock.Elapsed.TotalSeconds:f2} s");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 6);
        Assert.Contains(failure, new[] { "SiloUnavailableException", "TimeoutException" });
    }

    [Fact, Trait("Case", "55")]
    public async Task A_clients_call_that_is_under_way_to_a_killed_silo_fails_in_time()
    {
        await using var farm = await Farm.Start(database.Server, 3);
        var victim = farm.Silos[2];
        var call = farm.On(victim.Name, "sleeper").Sleep(TimeSpan.FromSeconds(30));
        await farm.Until(() => Task.FromResult(victim.Said("sleeping ").Length == 1));

        var clock = Stopwatch.StartNew();
        await victim.Kill();
        var failure = await Record.ExceptionAsync(() => call);

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 6.5);
        Assert.True(failure is TimeoutException or OrleansMessageRejectionException, $"{failure}");
    }

    [Fact, Trait("Case", "59")]
    public async Task After_a_total_crash_the_cluster_is_up_again_with_its_state_within_thirty_seconds()
    {
        await using var farm = await Farm.Start(database.Server, 3);
        await farm.Work("kept-work").Store("what was said");
        await farm.Client.GetGrain<IRemindedGrain>("kept-reminder").Register(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        var before = farm.Silos.ToList();
        foreach (var silo in before) await silo.Kill();

        var clock = Stopwatch.StartNew();
        foreach (var silo in before) farm.LaunchAgain(silo);
        await Task.WhenAll(farm.Silos.Skip(3).Select(silo => silo.Ready()));
        await farm.Until(async () => await farm.Work("kept-work").Load() == "what was said", 30);
        await farm.Until(() => Task.FromResult(farm.Silos.Skip(3).Any(silo => silo.Said("tick kept-reminder ").Length > 0)), 30);

        output.WriteLine($"up again after {clock.Elapsed.TotalSeconds:f2} s");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
        Assert.Equal(3, (await farm.Management.GetHosts(onlyActive: true)).Count);
    }

    [Fact]
    public async Task When_only_one_of_three_comes_back_it_waits_until_the_others_have_been_silent_for_long_enough()
    {
        await using var farm = await Farm.Start(database.Server, 3);
        var before = farm.Silos.ToList();
        foreach (var silo in before) await silo.Kill();

        await farm.LaunchAgain(before[0]).Ready();

        Assert.Equal(SiloStatus.Dead, await farm.StatusInTable(before[1]));
        Assert.Equal(SiloStatus.Dead, await farm.StatusInTable(before[2]));
    }
}
