using Npgsql;
using OrleansRecorder.FarmTests.Harness;
using OrleansRecorder.Testing;

namespace OrleansRecorder.FarmTests.Startup;

/// <summary>Machines of a farm come up in any order: supervisors start their processes again, and nobody has to help.</summary>
public sealed class StartOrderTests
{
    [Fact]
    public async Task Apis_before_silos_before_the_database_before_its_tables_become_a_farm_that_records()
    {
        await using var farm = await TestFarm.Prepare(new TestFarmOptions
        {
            Silos = 2, Apis = 1, Cameras = 2, Camera = SmallCameras.Of, Config = urls => FarmConfig.Of(urls, concurrent: 2, duration: 3),
        });
        try
        {
            await Execute(farm, "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
            await farm.Database.Stop();

            foreach (var process in farm.Apis.Concat(farm.Silos)) await process.Launch();
            await using var supervisor = new Supervisor(farm.Apis.Concat(farm.Silos));
            await farm.Database.Start();
            await Eventually(() => farm.Processes.All(process => process.Log.Contains("recorder db init", StringComparison.Ordinal)));
            Assert.NotEqual(0, (await RecorderProgram.Run(Database(farm), "db", "status")).ExitCode);

            Assert.Equal(0, (await RecorderProgram.Run(Database(farm), "db", "init")).ExitCode);

            foreach (var process in farm.Processes) await Eventually(process.IsReady);
            Assert.All(supervisor.Ends, end => Assert.Equal(RecorderProgram.UserError, end.ExitCode));
            await farm.Http.Post("/api/scheduler/start");
            await farm.Http.Until("/api/scheduler/status", status => !(bool)status["is_running"]! && (int)status["completed_tasks"]! == 2);
            foreach (var recording in farm.Recordings()) await Mp4File.MustBeSound(recording);
        }
        catch (Exception e)
        {
            throw new FarmTestException($"{e.Message}\n{farm.KeepLogs(nameof(StartOrderTests))}", e);
        }
    }

    private static Dictionary<string, string> Database(TestFarm farm) => new() { ["Database"] = farm.ConnectionString };

    private static Task Eventually(Func<bool> condition) => Eventually(() => Task.FromResult(condition()));

    private static async Task Eventually(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (!await condition()) await Task.Delay(TimeSpan.FromMilliseconds(100), patience.Token);
    }

    private static async Task Execute(TestFarm farm, string sql)
    {
        await using var connection = new NpgsqlConnection(farm.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
