using System.Text.Json.Nodes;
using OrleansRecorder.Testing;

namespace OrleansRecorder.FarmTests.Harness;

/// <summary>What the other tests stand on.</summary>
public sealed class TestFarmTests
{
    [Fact]
    public Task A_farm_records_every_camera_once_spread_over_its_nodes() => TestFarm.Run(
        new TestFarmOptions { Silos = 3, Apis = 2, HasNginx = true, Cameras = 6, Config = urls => FarmConfig.Of(urls, concurrent: 3, duration: 4) },
        async farm =>
        {
            await farm.Http.Post("/api/scheduler/start");
            await farm.Http.Until("/api/scheduler/status", status => !(bool)status["is_running"]! && (int)status["total_tasks"]! == 6);

            farm.Cameras.MustKeepTheLimit(3);
            Assert.Equal(6, farm.Recordings().Count);
            foreach (var recording in farm.Recordings()) await Mp4File.MustBeSound(recording);
            Assert.All(farm.Silos, silo => Assert.Equal(2, Directory.GetFiles(farm.ArchiveOf(silo.Name), "*.mp4", SearchOption.AllDirectories).Length));
            foreach (var api in farm.HttpOf) Assert.Equal(6, (int)(await api.Get("/api/videos"))["count"]!);
        });

    [Fact]
    public Task Every_process_can_be_killed_frozen_ended_and_started_again() => TestFarm.Run(
        new TestFarmOptions { Silos = 2, Apis = 1, HasNginx = true, Cameras = 1 },
        async farm =>
        {
            foreach (var process in farm.Processes)
            {
                await process.Kill();
                Assert.False(process.IsRunning);
                await process.Start();
            }

            farm["api-1"].Freeze();
            Assert.False(await farm["api-1"].IsReady());
            farm["api-1"].Thaw();
            await farm["api-1"].UntilReady();

            foreach (var process in farm.Processes)
            {
                Assert.Equal(0, await process.Terminate());
                await process.Start();
            }

            await farm.Database.Kill();
            await farm.Database.Start();
            await farm.Http.Until("/api/config", config => config is JsonObject);
        });
}
