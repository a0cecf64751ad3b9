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
    private const double Duration = 24;
    private const double SecondsLeft = 10;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(22);
    private static readonly TimeSpan FailOverLimit = TimeSpan.FromSeconds(15);

    // Bits enough that a camera notices soon that nobody takes them any more.
    private static CameraOptions Camera(int number) => new() { Number = number, BitRate = 3_000_000, Width = 640, Height = 480, FrameRate = 15 };

    [Fact]
    public async Task Whatever_a_silo_is_cut_off_from_the_limit_holds_and_all_heals_by_itself()
    {
        await using var network = await NetworkIfPossible();
        var options = new TestFarmOptions
        {
            Silos = 3, Apis = 1, Cameras = 6, Camera = Camera, Network = network,
            Config = urls => FarmConfig.Of(urls, total: 150, concurrent: Limit, duration: Duration, cycles: -1),
        };
        await TestFarm.Run(options, async farm =>
        {
            await using var supervisor = new Supervisor(farm.Silos);
            var cycles = new RunningCycles(farm, Limit);
            var scene = new Scene(farm, cycles, network);
            await cycles.Start();

            await scene.MustReplace("the other silos", await cycles.AnotherThanTheHolder(), NetworkCut.From);
            await scene.MustReplace("all but the cameras, with the cycle on it", await farm.HolderOfTheCycle(), _ => NetworkCut.FromAllBut(farm.Cameras.Port));
            await scene.MustReplace("what the other silos send", await cycles.AnotherThanTheHolder(), NetworkCut.Deaf);
            await scene.MustReplace("sending to the other silos, with the cycle on it", await farm.HolderOfTheCycle(), NetworkCut.Mute);
            await scene.MustRecordOn("the database", await cycles.AnotherThanTheHolder(), NetworkCut.FromPort(farm.Database.Port));
            await scene.MustRecordOn("the database, with the cycle on it", await farm.HolderOfTheCycle(), NetworkCut.FromPort(farm.Database.Port));

            await cycles.UntilAfter(await cycles.Cycle());
            await cycles.StopAndCheck();
        });
    }

    private static async Task<FarmNetwork?> NetworkIfPossible()
    {
        try
        {
            return await FarmNetwork.Create(3);
        }
        catch (PlatformNotSupportedException e)
        {
            Console.WriteLine($"!!! {e.Message}\n!!! NO NETWORK IS CUT HERE: silos hang (SIGSTOP) instead.");
            return null;
        }
    }

    private sealed class Scene(TestFarm farm, RunningCycles cycles, FarmNetwork? network)
    {
        /// <summary>Its captures go on elsewhere in time, and it is back when the cut is over.</summary>
        /// <param name="from">What the silo is cut off from, for people.</param>
        /// <param name="silo">Which one.</param>
        /// <param name="cut">Of the addresses of the other silos.</param>
        public Task MustReplace(string from, FarmProcess silo, Func<string[], NetworkCut> cut) => During(from, silo, cut, async (cameras, since) =>
        {
            var elsewhere = await cycles.UntilRecordedElsewhere(cameras, since);
            Console.WriteLine($"{silo.Name} is cut off from {from}: its cameras were recorded elsewhere after {elsewhere.TotalSeconds:0.0} s");
            Assert.InRange(elsewhere, TimeSpan.Zero, FailOverLimit);
        });

        /// <summary>Its captures run to their ends; a silo that hangs instead loses them all the same.</summary>
        public Task MustRecordOn(string from, FarmProcess silo, NetworkCut cut) => During(from, silo, _ => cut, async (cameras, since) =>
        {
            if (network is null) return;
            await farm.Cameras.Until(sessions => Array.TrueForAll(cameras, camera => Session(sessions, camera, since).EndedAt is not null), 60, $"cameras {string.Join(", ", cameras)} to end");
            // A lapsed lease would have ended them sooner.
            Assert.All(cameras, camera => Assert.True(Session(farm.Cameras.ReadStatistics().Sessions, camera, since).EndedAt > since.AddSeconds(SecondsLeft - 1)));
            Console.WriteLine($"{silo.Name} is cut off from {from}: it records on");
        });

        private static SessionRecord Session(IReadOnlyList<SessionRecord> sessions, int camera, DateTimeOffset at) => sessions.Last(session => session.Camera == camera && session.StartedAt <= at);

        private async Task During(string from, FarmProcess silo, Func<string[], NetworkCut> cut, Func<int[], DateTimeOffset, Task> check)
        {
            var number = farm.Silos.Index().First(entry => entry.Item == silo).Index + 1;
            var cameras = await cycles.UntilItRecords(silo, SecondsLeft);
            var cycle = await cycles.Cycle();
            var since = DateTimeOffset.UtcNow;
            if (network is null) silo.Freeze();
            else await network.Cut(number, cut([.. Enumerable.Range(1, farm.Silos.Count).Where(other => other != number).Select(network.AddressOf)]));

            await Task.WhenAll(check(cameras, since), Task.Delay(Length));
            farm.Cameras.MustKeepTheLimit(Limit);

            if (network is null) silo.Thaw();
            else await network.Heal(number);
            var healing = Stopwatch.StartNew();
            await cycles.UntilHealed();
            Console.WriteLine($"{silo.Name} was cut off from {from}: all was well {healing.Elapsed.TotalSeconds:0.0} s after");
            farm.Cameras.MustKeepTheLimit(Limit);
            Assert.InRange(await cycles.Cycle(), cycle, cycle + 1);
        }
    }
}
