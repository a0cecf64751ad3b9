using OrleansRecorder.FarmTests.Harness;

namespace OrleansRecorder.FarmTests.FailOver;

/// <summary>A silo is killed while PostgreSQL is away.</summary>
public sealed class DatabaseAndSiloTests
{
    private const int Limit = 4;
    private const int Duration = 20;
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan HealLimit = TimeSpan.FromSeconds(15);

    private static readonly TestFarmOptions Farm = new()
    {
        Silos = 3, Apis = 1, Cameras = 5, Camera = CountingCameras.Camera, Config = urls => FarmConfig.Of(urls, total: 240, concurrent: Limit, duration: Duration),
    };

    /// <summary>Nobody can be declared dead, and CycleGrain can start nowhere, until the database is back.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_silo_that_dies_while_the_database_is_away_is_replaced_when_it_is_back(bool isHolder) => TestFarm.Run(Farm, async farm =>
    {
        await farm.Http.Post("/api/scheduler/start");
        await farm.Cameras.UntilPlaying(60, 1, 2, 3, 4);
        var holder = await farm.HolderOfTheCycle();
        var victim = isHolder ? holder : farm.Silos.First(silo => silo != holder);

        await farm.Database.Kill();
        await victim.Kill();
        var kill = new Kill(isHolder ? Victim.CycleHolder : Victim.Silo, victim.Name, DateTimeOffset.UtcNow, TimeSpan.Zero);
        await victim.Launch(); // it waits for the database
        await Task.Delay(Outage);
        await farm.Database.Start();
        var back = DateTimeOffset.UtcNow;
        await victim.UntilReady();
        await farm.Http.Until("/api/scheduler/status", status => !(bool)status["is_running"]!, 180);

        farm.Cameras.MustKeepTheLimit(Limit);
        var sessions = farm.Cameras.ReadStatistics().Sessions;
        var broken = BrokenCaptures.Of(kill, sessions).ToArray();
        Assert.NotEmpty(broken);
        Assert.All(broken, capture => Assert.InRange((capture.Next?.StartedAt ?? DateTimeOffset.MaxValue) - back, -Outage, HealLimit));
        var tasks = (await ReportedCycle.Written(farm, 1)).Tasks;
        Assert.All(tasks, task => Assert.True(task.Status == 4 && task.RecordedSeconds > Duration - 1, task.ToString()));
        // Who had nothing to do with it went on undisturbed, unless the leases ended with CycleGrain.
        if (!isHolder) Assert.All(tasks.ExceptBy(broken.Select(capture => capture.Ended.Camera), task => task.Camera), task => Assert.Equal(1, task.Attempt));
        await Decoding.MustBeSound(farm.Recordings());
    }, $"{nameof(A_silo_that_dies_while_the_database_is_away_is_replaced_when_it_is_back)}({isHolder})");
}
