using System.Diagnostics;
using OrleansRecorder.Cameras;
using OrleansRecorder.FarmTests.FailOver;
using OrleansRecorder.FarmTests.Harness;

namespace OrleansRecorder.FarmTests.Outages;

/// <summary>A silo hangs (SIGSTOP) with its captures, then goes on as if nothing had been.</summary>
public sealed class FrozenSiloTests
{
    private const int Limit = 4;
    private const int EvictedExitCode = 69;
    private static readonly TimeSpan Freeze = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A camera counts a frozen client for 5 s after its socket is full. Kernels keep 200 KB of a connection, or 1 MB when it was read in large pieces: with this rate that
    /// is full in less than a second and a half, before anybody else may have the slot.
    /// </summary>
    private static CameraOptions Camera(int number) => new() { Number = number, BitRate = 6_000_000, Width = 640, Height = 480, FrameRate = 15 };

    [Fact]
    public Task A_silo_that_hangs_for_30_s_loses_its_captures_to_others_and_ends_itself_when_it_wakes_up() => TestFarm.Run(
        new TestFarmOptions { Silos = 3, Apis = 1, Cameras = 6, Camera = Camera, Config = urls => FarmConfig.Of(urls, total: 150, concurrent: Limit, duration: 30, cycles: -1) },
        async farm =>
        {
            var cycles = new RunningCycles(farm, Limit);
            await cycles.Start();

            await MustSurvive(farm, cycles, await cycles.AnotherThanTheHolder());
            await MustSurvive(farm, cycles, await farm.HolderOfTheCycle());

            await cycles.UntilAfter(await cycles.Cycle());
            await cycles.StopAndCheck();
        });

    private static async Task MustSurvive(TestFarm farm, RunningCycles cycles, FarmProcess silo)
    {
        var cameras = await cycles.UntilItRecords(silo, secondsLeft: 12);
        var cycle = await cycles.Cycle();
        var since = DateTimeOffset.UtcNow;
        var clock = Stopwatch.StartNew();
        silo.Freeze();

        var dead = cycles.UntilDead(silo, since);
        var elsewhere = cycles.UntilRecordedElsewhere(cameras, since);
        Console.WriteLine($"{silo.Name} hangs: dead after {(await dead).TotalSeconds:0.0} s, its cameras recorded elsewhere after {(await elsewhere).TotalSeconds:0.0} s");
        Assert.InRange(await dead, TimeSpan.Zero, TimeSpan.FromSeconds(6));
        Assert.InRange(await elsewhere, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        farm.Cameras.MustKeepTheLimit(Limit);

        if (clock.Elapsed < Freeze) await Task.Delay(Freeze - clock.Elapsed);
        silo.Thaw();
        Assert.Equal(EvictedExitCode, await silo.Exited.WaitAsync(TimeSpan.FromSeconds(60)));
        await silo.Start();
        await cycles.UntilHealed();
        farm.Cameras.MustKeepTheLimit(Limit);
        Assert.InRange(await cycles.Cycle(), cycle, cycle + 1);
    }
}
