using System.Text.Json.Nodes;
using OrleansRecorder.FarmTests.Harness;
using OrleansRecorder.Testing;
using Xunit.Abstractions;

namespace OrleansRecorder.FarmTests.Steady;

/// <summary>Every process of a farm is restarted, one after the other, while it records and is read from.</summary>
public sealed class RollingRestartTests(ITestOutputHelper output) : IDisposable
{
    private const int Cameras = 12;
    private const int Slots = 9;
    private const double Seconds = 12;

    // Between a hand-over's last frame and the next part's first key frame: to end, to say so, to be begun and connected elsewhere.
    private const double LongestGap = 15;

    private readonly TemporaryFolder _volume = new();

    [Fact]
    public Task A_rolling_restart_costs_no_request_and_no_media_but_that_of_hand_overs() => TestFarm.Run(
        new TestFarmOptions
        {
            Silos = 3,
            Apis = 2,
            HasNginx = true,
            Cameras = Cameras,
            Camera = SmallCameras.Of,
            Config = urls => FarmConfig.Of(urls, total: 60, concurrent: Slots, duration: Seconds, cycles: -1),
            // One volume, so that every recording can be had while a node is away.
            Settings = name => name.StartsWith("node", StringComparison.Ordinal)
                ? new Dictionary<string, string> { ["Node:Archive"] = "volume", ["Node:Directory"] = _volume.Path, ["Node:GracePeriodSeconds"] = "2" }
                : new Dictionary<string, string>(),
        },
        async farm =>
        {
            await farm.Http.Post("/api/scheduler/start");
            await farm.Http.Until("/api/videos", videos => (int)videos["count"]! > 0);
            await using (var load = new FarmLoad(farm.Http, TimeSpan.FromMilliseconds(50)))
            {
                foreach (var silo in farm.Silos)
                {
                    await UntilItRecords(farm, silo.Name);
                    Assert.Equal(0, await silo.Terminate());
                    await silo.Start();
                }

                foreach (var api in farm.Apis)
                {
                    Assert.Equal(0, await api.Terminate());
                    await api.Start();
                }

                await Shell.Run("kill", "-HUP", $"{farm.Nginx!.Id}");
                var last = (long)(await farm.Http.Get("/api/scheduler/cycle"))["current_cycle"]!;
                await farm.Http.Until("/api/scheduler/cycle", cycle => (long)cycle["current_cycle"]! > last);
                output.WriteLine($"{load.Requests} requests, {load.Downloads} of them downloads, {load.Changes} changes, {load.Failures.Count} failed");
                Assert.Empty(load.Failures);
                Assert.InRange(load.Downloads, 10, int.MaxValue);
                Assert.InRange(load.Changes, 10, int.MaxValue);
            }

            farm.Cameras.MustKeepTheLimit(Slots);
            await EveryTaskIsWhole(farm);
        });

    /// <inheritdoc/>
    public void Dispose() => _volume.Dispose();

    private static Task UntilItRecords(TestFarm farm, string node) => farm.Http.Until("/api/tasks",
        list => ((JsonArray)list["tasks"]!).Any(task => (string)task!["node"]! == node && (int)task["status"]! == 3 && (int)task["progress"]! < 5));

    private async Task EveryTaskIsWhole(TestFarm farm)
    {
        var finished = (long)(await farm.Http.Get("/api/scheduler/cycle"))["current_cycle"]! - 1;
        var reports = CycleReports.Below(_volume.Path);
        Assert.Equal(Enumerable.Range(1, (int)finished).Select(n => (long)n), reports.Keys.Order().Take((int)finished));
        var handedOver = 0;
        foreach (var task in reports.Where(report => report.Key <= finished).SelectMany(report => report.Value.Tasks()))
        {
            Assert.Equal(4, (int)task["status"]!);
            Assert.InRange((double)task["recorded_seconds"]!, Seconds - 1, Seconds + 2);
            Assert.InRange((double)task["gap_seconds"]!, 0, LongestGap);
            Assert.Equal(task.Parts().Count - 1, ((JsonArray)task["gaps"]!).Count);
            if (task.Parts().Count > 1) handedOver++;
            if (task.Parts().Count > 1) output.WriteLine($"{task["output_file"]}: {task.Parts().Count} parts, gaps {task["gap_seconds"]} s");
            foreach (var part in task.Parts()) Assert.True(File.Exists(Path.Combine(_volume.Path, Path.GetDirectoryName((string)task["output_file"]!)!, (string)part["filename"]!)));
        }

        Assert.InRange(handedOver, 1, int.MaxValue);
        foreach (var recording in Directory.GetFiles(_volume.Path, "*.mp4", SearchOption.AllDirectories)) await Mp4File.MustBeSound(recording);
    }
}
