using System.Diagnostics;
using OrleansRecorder.Cameras;
using OrleansRecorder.FarmTests.FailOver;
using OrleansRecorder.FarmTests.Harness;
using OrleansRecorder.FarmTests.Network;

namespace OrleansRecorder.FarmTests.Outages;

/// <summary>
/// Silos in network namespaces of their own are cut off, each time from something else, and heal by themselves. Where the machine lets nobody make namespaces
/// the silo hangs instead, which is the nearest thing to a cut, and the output says so.
/// </summary>
public sealed class NetworkCutTests
{
    private const int Limit = 4;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(25);

    // Bits enough that a camera notices soon that nobody takes them any more.
    private static CameraOptions Camera(int number) => new() { Number = number, BitRate = 3_000_000, Width = 640, Height = 480, FrameRate = 15 };

    [Fact]
    public Task A_silo_that_hears_no_other_silo_and_is_not_heard_is_replaced() => OnANetwork(async (farm, cycles, cutter) =>
    {
        await cutter.Cut(farm, cycles, await cycles.AnotherThanTheHolder(), NetworkCut.From, isLost: true);
        await cutter.Cut(farm, cycles, await farm.HolderOfTheCycle(), NetworkCut.From, isLost: true);
    });

    [Fact]
    public Task A_silo_that_is_cut_off_in_one_direction_is_replaced() => OnANetwork(async (farm, cycles, cutter) =>
    {
        await cutter.Cut(farm, cycles, await cycles.AnotherThanTheHolder(), NetworkCut.Deaf, isLost: true);
        await cutter.Cut(farm, cycles, await farm.HolderOfTheCycle(), NetworkCut.Mute, isLost: true);
    });

    [Fact]
    public Task A_silo_that_reaches_nothing_but_the_cameras_stops_by_itself_before_others_go_on() => OnANetwork(async (farm, cycles, cutter) =>
    {
        await cutter.Cut(farm, cycles, await cycles.AnotherThanTheHolder(), _ => NetworkCut.FromAllBut(farm.Cameras.Port), isLost: true);
        await cutter.Cut(farm, cycles, await farm.HolderOfTheCycle(), _ => NetworkCut.FromAllBut(farm.Cameras.Port), isLost: true);
    });

    [Fact]
    public Task A_silo_that_does_not_reach_the_database_records_on() => OnANetwork(async (farm, cycles, cutter) =>
    {
        await cutter.Cut(farm, cycles, await cycles.AnotherThanTheHolder(), _ => NetworkCut.FromPort(farm.Database.Port), isLost: false);
        await cutter.Cut(farm, cycles, await farm.HolderOfTheCycle(), _ => NetworkCut.FromPort(farm.Database.Port), isLost: false);
    });

    private static async Task OnANetwork(Func<TestFarm, RunningCycles, Cutter, Task> test, [System.Runtime.CompilerServices.CallerMemberName] string name = "")
    {
        FarmNetwork? network = null;
        try
        {
            network = await FarmNetwork.Create(3);
        }
        catch (PlatformNotSupportedException e)
        {
            Console.WriteLine($"!!! {name}: {e.Message}\n!!! NO NETWORK WAS CUT HERE: silos hang (SIGSTOP) instead.");
        }

        try
        {
            await TestFarm.Run(
                new TestFarmOptions { Silos = 3, Apis = 1, Cameras = 6, Camera = Camera, Network = network, Config = urls => FarmConfig.Of(urls, total: 150, concurrent: Limit, duration: 30, cycles: -1) },
                async farm =>
                {
                    await using var supervisor = new Supervisor(farm.Silos);
                    var cycles = new RunningCycles(farm, Limit);
                    await cycles.Start();
                    await test(farm, cycles, new Cutter(network));
                    await cycles.UntilAfter(await cycles.Cycle());
                    await cycles.StopAndCheck();
                    Console.WriteLine($"{name}: ended by themselves: {string.Join(", ", supervisor.Ends)}");
                }, name);
        }
        finally
        {
            if (network is not null) await network.DisposeAsync();
        }
    }

    private sealed class Cutter(FarmNetwork? network)
    {
        /// <summary>Cuts a silo off from the addresses of the others, or from what the cut says instead, heals, and waits until all is as before.</summary>
        public async Task Cut(TestFarm farm, RunningCycles cycles, FarmProcess silo, Func<string[], NetworkCut> cut, bool isLost)
        {
            var number = farm.Silos.Index().First(entry => entry.Item == silo).Index + 1;
            var waiting = Stopwatch.StartNew();
            var cameras = await cycles.UntilItRecords(silo, secondsLeft: 12);
            var cycle = await cycles.Cycle();
            Console.WriteLine($"{silo.Name} records {cameras.Length} cameras, after {waiting.Elapsed.TotalSeconds:0.0} s");
            var since = DateTimeOffset.UtcNow;
            if (network is null) silo.Freeze();
            else await network.Cut(number, cut([.. Enumerable.Range(1, farm.Silos.Count).Where(other => other != number).Select(network.AddressOf)]));

            var over = Task.Delay(Length);
            if (isLost || network is null)
            {
                var elsewhere = await cycles.UntilRecordedElsewhere(cameras, since);
                Console.WriteLine($"{silo.Name} is cut off: its cameras were recorded elsewhere after {elsewhere.TotalSeconds:0.0} s");
                Assert.InRange(elsewhere, TimeSpan.Zero, TimeSpan.FromSeconds(15));
            }

            await over;
            farm.Cameras.MustKeepTheLimit(Limit);
            if (network is null) silo.Thaw();
            else await network.Heal(number);
            var healing = Stopwatch.StartNew();
            await cycles.UntilHealed();
            Console.WriteLine($"{silo.Name} is back, and all is well, {healing.Elapsed.TotalSeconds:0.0} s after the cut was over");
            farm.Cameras.MustKeepTheLimit(Limit);
            Assert.InRange(await cycles.Cycle(), cycle, cycle + 1);
        }
    }
}
