using MiniOrleans.Tests.Storage;

namespace MiniOrleans.Tests.Reminders;

/// <summary>Two silos whose reminders may come every second.</summary>
public sealed class RemindingSilos() : ClusterFixture(2)
{
    protected override void ConfigureSilo(string name, ISiloBuilder silo) => silo
        .UseInMemoryReminderService()
        .Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromSeconds(1));
}

public sealed class MemoryReminderTests(RemindingSilos silos) : ReminderContract(silos), IClassFixture<RemindingSilos>;

[Collection(nameof(PostgreSqlSilos))]
public sealed class PostgreSqlReminderTests(PostgreSqlSilos silos) : ReminderContract(silos);

/// <summary>What holds for reminders wherever they are kept.</summary>
public abstract class ReminderContract(ClusterFixture silos)
{
    private static readonly TimeSpan Due = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly string _key = Unique.Key("reminder");

    private IReminderGrain Grain => silos.Client.GetGrain<IReminderGrain>(_key);

    [Fact, Trait("Case", "32")]
    public async Task A_reminder_that_comes_too_often_is_refused()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Grain.Register("fast", Due, TimeSpan.FromMilliseconds(500)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Grain.Register("never", Timeout.InfiniteTimeSpan, Period));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Grain.Register(" ", Due, Period));
        Assert.Empty(await Grain.Names());
    }

    [Fact, Trait("Case", "32")]
    public async Task A_grain_that_cannot_receive_reminders_cannot_register_one() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => silos.Client.GetGrain<IForgetfulGrain>(_key).Register());

    [Fact, Trait("Case", "33")]
    public async Task A_reminder_ticks_on_the_grid_of_its_first_tick()
    {
        var registered = DateTime.UtcNow;
        await Grain.Register("grid", Due, Period);

        await Task.Delay(TimeSpan.FromSeconds(4));
        await Grain.Unregister("grid");

        var ticks = ReminderGrain.TicksOf(_key);
        Assert.InRange(ticks.Length, 2, 3);
        Assert.All(ticks, tick =>
        {
            Assert.Equal("grid", tick.Name);
            Assert.Equal(Period, tick.Status.Period);
            Assert.Equal(DateTimeKind.Utc, tick.Status.FirstTickTime.Kind);
            Assert.Equal(DateTimeKind.Utc, tick.Status.CurrentTickTime.Kind);
            Assert.InRange((tick.Status.FirstTickTime - registered - Due).TotalSeconds, -0.1, 1);
            Assert.InRange(LatenessOf(tick), -0.3, 0.3);
        });
    }

    [Fact, Trait("Case", "34")]
    public async Task A_reminder_registered_again_is_still_one_and_after_its_removal_none()
    {
        await Grain.Register("once", Due, Period);
        await Grain.Register("once", Due, Period);
        Assert.Equal(["once"], await Grain.Names());
        await Eventually.IsTrue(() => ReminderGrain.TicksOf(_key).Length > 0);

        await Grain.Unregister("once");

        Assert.Empty(await Grain.Names());
        await Task.Delay(300);
        var ticks = ReminderGrain.TicksOf(_key).Length;
        await Task.Delay(1500);
        Assert.Equal(ticks, ReminderGrain.TicksOf(_key).Length);
    }

    [Fact, Trait("Case", "35")]
    public async Task A_reminder_wakes_a_grain_that_is_not_active()
    {
        var before = await Grain.Activation();
        await Grain.Register("wake", Due, TimeSpan.FromSeconds(60));
        await Grain.Leave();
        await Journal.Has(_key, "left");

        await Eventually.IsTrue(() => ReminderGrain.TicksOf(_key).Length > 0);

        Assert.NotEqual(before, ReminderGrain.TicksOf(_key)[0].Activation);
        await Grain.Unregister("wake");
    }

    /// <summary>Seconds after the nearest point of the grid; negative before it.</summary>
    private static double LatenessOf(Tick tick)
    {
        var sinceFirst = (tick.Status.CurrentTickTime - tick.Status.FirstTickTime) / tick.Status.Period;
        return (sinceFirst - Math.Round(sinceFirst)) * tick.Status.Period.TotalSeconds;
    }
}
