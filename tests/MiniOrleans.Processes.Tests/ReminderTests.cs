using System.Globalization;
using MiniOrleans.TestSilo.Grains;

namespace MiniOrleans.Processes.Tests;

[Collection(nameof(Database))]
public sealed class ReminderTests(Database database)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // PostgreSQL keeps microseconds: a point that was read may lie half of one later than the one that a tick is told.
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(1);

    [Fact, Trait("Case", "36")]
    public async Task Reminders_of_a_killed_silo_tick_again_within_ten_seconds_on_their_old_grid()
    {
        await using var farm = await Farm.Start(database.Server, 3);
        // While the silos find one another a reminder may have two owners.
        await farm.Until(() => Task.FromResult(farm.Silos.All(silo => silo.Said("sees ").LastOrDefault() == "3")), 20);
        // So many that each silo of three owns some: nobody tells which.
        var keys = Enumerable.Range(0, 30).Select(n => $"reminded-{n}").ToArray();
        await Task.WhenAll(keys.Select(key => farm.Client.GetGrain<IRemindedGrain>(key).Register(Period, Period)));
        await farm.Until(() => Task.FromResult(keys.All(key => Ticks(farm, key).Length > 0)), 20);

        await farm.Silos[1].Kill();
        var killed = DateTime.UtcNow;
        await farm.Until(() => Task.FromResult(keys.All(key => Ticks(farm, key).Any(tick => tick.Now > killed))), 20);
        await Task.Delay(TimeSpan.FromSeconds(3));

        foreach (var key in keys)
        {
            var ticks = Ticks(farm, key);
            var gap = ticks.Order().Zip(ticks.Order().Skip(1), (one, next) => next.Now - one.Now).Max();
            Assert.True(gap.TotalSeconds <= 10, $"{key} did not tick for {gap.TotalSeconds:0.0} s");
            AssertGrid(ticks);
        }
    }

    [Fact, Trait("Case", "37")]
    public async Task After_a_restart_of_the_whole_cluster_reminders_tick_without_registration_and_without_a_burst()
    {
        await using var farm = await Farm.Start(database.Server, 2);
        await farm.Client.GetGrain<IRemindedGrain>("kept").Register(Period, Period);
        await farm.Until(() => Task.FromResult(Ticks(farm, "kept").Length > 0), 20);
        var before = farm.Silos.ToList();
        foreach (var silo in before) await silo.Kill();
        await Task.Delay(TimeSpan.FromSeconds(3));

        var restarted = DateTime.UtcNow;
        foreach (var silo in before) farm.LaunchAgain(silo);
        await farm.Until(() => Task.FromResult(Ticks(farm, "kept").Count(tick => tick.Now > restarted) >= 3), 30);

        AssertGrid(Ticks(farm, "kept"));
    }

    // At most one tick a point of the grid, none before its point: a late one is skipped, none is made up. One that was on its way to the killed silo
    // arrives when that is declared dead, which may be just before the next point.
    private static void AssertGrid((DateTime First, DateTime Now)[] ticks)
    {
        Assert.Single(ticks.Select(tick => tick.First).Distinct());
        var points = ticks.Select(tick => Math.Floor((tick.Now - tick.First + Rounding) / Period)).ToList();
        Assert.True(points.Distinct().Count() == points.Count, $"two ticks at one point of the grid from {ticks[0].First:O}: {string.Join(", ", ticks.Order().Select(tick => $"{(tick.Now - tick.First).TotalSeconds:0.00}"))}");
    }

    private static (DateTime First, DateTime Now)[] Ticks(Farm farm, string key) =>
    [
        .. farm.Silos.SelectMany(silo => silo.Said($"tick {key} ")).Select(line => line.Split(' ')).Select(times => (Parse(times[0]), Parse(times[1]))),
    ];

    private static DateTime Parse(string time) => DateTime.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
}
