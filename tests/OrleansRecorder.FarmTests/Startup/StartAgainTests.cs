using OrleansRecorder.Farm;
using OrleansRecorder.FarmTests.Harness;

namespace OrleansRecorder.FarmTests.Startup;

/// <summary>Processes that start while others of the farm are there, or are not.</summary>
public sealed class StartAgainTests
{
    [Fact]
    public Task A_killed_silo_is_back_on_its_own_address_at_once() => TestFarm.Run(new TestFarmOptions { Silos = 2, Apis = 0, Cameras = 1 }, async farm =>
    {
        await farm["node-1"].Kill();

        await farm["node-1"].Start();

        Assert.True(await farm["node-2"].IsReady());
    });

    [Fact]
    public async Task A_dead_predecessor_on_another_address_is_no_obstacle()
    {
        var options = new TestFarmOptions { Silos = 1, Apis = 0, Cameras = 1 };
        await TestFarm.Run(options, async farm =>
        {
            await farm["node-1"].Kill();
            var spec = ChildSpec.Recorder("successor", Path.Combine(farm.ArchiveOf("node-1"), "..", "logs", "successor.log"),
                Second(farm, "node-1").ToDictionary(s => "RECORDER_" + s.Key.Replace(":", "__", StringComparison.Ordinal), s => s.Value), "silo");
            using var probes = new HttpClient();
            await using var successor = new FarmProcess(spec, new Uri($"http://127.0.0.1:{spec.Environment["RECORDER_Health__Port"]}/readyz"), probes);

            await successor.Start();
        });
    }

    [Fact]
    public Task An_api_answers_503_while_no_silo_is_there_and_serves_by_itself_when_one_comes() => TestFarm.Run(new TestFarmOptions { Silos = 1, Apis = 1, Cameras = 1 }, async farm =>
    {
        await farm["api-1"].Terminate();
        await farm["node-1"].Kill();

        await farm["api-1"].Launch();
        await Eventually(async () => await farm.Http.Status("/healthz") == System.Net.HttpStatusCode.OK);
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, await farm.Http.Status("/api/config"));
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, await farm.Http.Status("/readyz"));

        await farm["node-1"].Start();
        await farm["api-1"].UntilReady();
        await farm.Http.Get("/api/config");
    });

    [Fact]
    public Task An_api_gives_up_after_its_limit() => TestFarm.Run(new TestFarmOptions { Silos = 0, Apis = 0, Cameras = 1 }, async farm =>
    {
        var settings = Second(farm, "none");
        settings["Api:StartLimitSeconds"] = "6";

        var output = await RecorderProgram.Run(settings, "api");

        Assert.Equal(RecorderProgram.UserError, output.ExitCode);
        Assert.Contains("no silo answered within 6 s", output.Errors);
        Assert.Contains("没有找到任何录制节点", output.Errors);
    });

    private static Dictionary<string, string> Second(TestFarm farm, string name)
    {
        var ports = FreePorts.Find(4);
        return new Dictionary<string, string>(farm.CommonSettings)
        {
            ["Node:Name"] = name,
            ["Node:Directory"] = farm.ArchiveOf("second"),
            ["Config:File"] = farm.ConfigFile,
            ["Silo:Address"] = "127.0.0.1",
            ["Silo:Port"] = $"{ports[0]}",
            ["Silo:GatewayPort"] = $"{ports[1]}",
            ["Health:Port"] = $"{ports[2]}",
            ["Api:Listen"] = "127.0.0.1",
            ["Api:Port"] = $"{ports[3]}",
        };
    }

    private static async Task Eventually(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition()) await Task.Delay(TimeSpan.FromMilliseconds(100), patience.Token);
    }
}
