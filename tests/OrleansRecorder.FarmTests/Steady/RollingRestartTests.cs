using System.Diagnostics;
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

    // A fast shutdown waits for a checkpoint, which a small database without a disk to wait for has done in no time.
    private static readonly TimeSpan DatabaseAway = TimeSpan.FromSeconds(2);

    // Between a hand-over's last frame and the next part's first key frame: to end, to say so, to be begun and connected elsewhere.
    private const double LongestGap = 15;

    private readonly TemporaryFolder _volume = new();
    private readonly ReplaceableNginx _nginx = new();

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
            Wrap = _nginx.Wrap,
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

                await RestartTheDatabase(farm, load);
                var master = _nginx.Master;
                await _nginx.Replace();
                Assert.NotEqual(master, _nginx.Master);
                var last = (long)(await farm.Http.Get("/api/scheduler/cycle"))["current_cycle"]!;
                await farm.Http.Until("/api/scheduler/cycle", cycle => (long)cycle["current_cycle"]! > last);
                output.WriteLine($"{load.Requests} requests, {load.Downloads} of them downloads, {load.Changes} changes (the slowest took {load.SlowestChange.TotalSeconds:0.0} s), {load.SentAnew} sent anew, {load.Failures.Count} failed");
                Assert.Empty(load.Failures);
                Assert.InRange(load.Downloads, 10, int.MaxValue);
                Assert.InRange(load.Changes, 10, int.MaxValue);
            }

            farm.Cameras.MustKeepTheLimit(Slots);
            await EveryTaskIsWhole(farm);
        });

    /// <inheritdoc/>
    public void Dispose() => _volume.Dispose();

    // Captures that begin just before it have most of their time before them when it is over.
    private async Task RestartTheDatabase(TestFarm farm, FarmLoad load)
    {
        await farm.Http.Until("/api/tasks", list => ((JsonArray)list["tasks"]!).Any(task => (int)task!["status"]! == 3 && (int)task["progress"]! < 5));
        var playing = farm.Cameras.ReadStatistics().Sessions.Where(session => session.EndedAt is null).ToArray();
        var clock = Stopwatch.StartNew();
        await farm.Database.Restart(DatabaseAway);
        output.WriteLine($"PostgreSQL was restarted in {clock.Elapsed.TotalSeconds:0.0} s with {playing.Length} captures under way");
        var changes = load.Changes;
        await farm.Http.Until("/api/scheduler/status", _ => load.Changes > changes + 4 || load.Failures.Count > 0);

        Assert.True(load.SlowestChange > DatabaseAway / 2, $"no change was under way: the slowest took {load.SlowestChange}");
        Assert.NotEmpty(playing);
        var sessions = farm.Cameras.ReadStatistics().Sessions.ToDictionary(session => (session.Camera, session.StartedAt));
        foreach (var capture in playing)
        {
            var now = sessions[(capture.Camera, capture.StartedAt)];
            Assert.True(now.EndedAt is null || now.EndedAt - now.StartedAt > TimeSpan.FromSeconds(Seconds - 1), $"camera {now.Camera} was left early");
        }
    }

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
