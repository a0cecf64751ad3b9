using System.Text.Json.Nodes;
using Npgsql;
using OrleansRecorder.Farm;
using OrleansRecorder.FarmTests.Harness;

namespace OrleansRecorder.FarmTests.Startup;

/// <summary>Whoever may not join a farm that records is told why, and leaves no trace: the farm records on, members and state are as before.</summary>
public sealed class RunningFarmTests
{
    [Fact]
    public Task Who_may_not_join_is_told_why_and_changes_nothing() => TestFarm.Run(
        new TestFarmOptions { Silos = 2, Apis = 1, Cameras = 2, Camera = SmallCameras.Of, Config = urls => FarmConfig.Of(urls, total: 900, concurrent: 2, duration: 800) },
        async farm =>
        {
            await farm.Http.Post("/api/scheduler/start");
            await farm.Http.Until("/api/tasks", tasks => tasks["tasks"]!.AsArray().All(task => (int)task!["status"]! == 3));
            var before = await Members(farm);
            Assert.Equal(2, before.Length);

            await MustRefuse(farm, "silo", With(("Cluster:SecretFile", null), ("Cluster:Secret", "hush-hush")), "secret", "请检查 Cluster:Secret");
            await MustRefuse(farm, "api", With(("Cluster:SecretFile", null), ("Cluster:Secret", "hush-hush")), "secret", "请检查 Cluster:Secret");
            await MustRefuse(farm, "silo", With(("Node:Name", "node-1")), "the node name node-1 is in use by 127.0.0.1:", "节点名 node-1 已被");
            await MustRefuse(farm, "silo", With(("Database:PasswordFile", null), ("Database:Password", "hush-hush")), "the user or the password is wrong", "用户名或密码错误");
            await MustRefuse(farm, "silo", With(("Silo:Port", farm["node-1"].Setting("Silo:Port"))), "is in use", "已被占用");
            await MustRefuse(farm, "silo", With(("Node:Directory", farm.ConfigFile)), "cannot be written", "无法写入");
            foreach (var off in new[] { "+600s", "-600s" })
            {
                foreach (var role in new[] { "silo", "api" }) await MustRefuse(farm, role, With(), "s off the database's", "请用 NTP 校准时钟", off);
            }

            foreach (var (change, english, chinese) in new[]
            {
                ("INSERT INTO RecorderSchema (Version) VALUES (999)", "newer schema 999", "较新的版本 999"),
                ("DELETE FROM RecorderSchema", "older schema", "旧版本"),
            })
            {
                await Execute(farm, change);
                foreach (var role in new[] { "silo", "api" }) await MustRefuse(farm, role, With(), english, chinese);
            }

            Assert.Equal(before, await Members(farm));
            Assert.All(farm.Cameras.ReadStatistics().Sessions, session => Assert.Null(session.EndedAt));
            Assert.Equal(2, farm.Cameras.Sessions.Started);
            Assert.Equal(1, (long)(await farm.Http.Get("/api/scheduler/cycle"))["current_cycle"]!);
            Assert.Equal(JsonNode.Parse(await File.ReadAllTextAsync(farm.ConfigFile))!["streams"]!.AsArray().Count, (await farm.Http.Get("/api/config"))["streams"]!.AsArray().Count);
            Assert.Equal(2, (int)(await farm.Http.Get("/api/nodes"))["count"]!);
        });

    private static async Task MustRefuse(TestFarm farm, string role, Dictionary<string, string?> own, string english, string chinese, string? clock = null)
    {
        var ports = FreePorts.Find(4);
        var settings = new Dictionary<string, string?>(farm.CommonSettings!)
        {
            ["Node:Name"] = "node-3",
            ["Node:Directory"] = farm.ArchiveOf("node-3"),
            ["Config:File"] = farm.ConfigFile,
            ["Silo:Address"] = "127.0.0.1",
            ["Silo:Port"] = $"{ports[0]}",
            ["Silo:GatewayPort"] = $"{ports[1]}",
            ["Health:Port"] = $"{ports[2]}",
            ["Api:Listen"] = "127.0.0.1",
            ["Api:Port"] = $"{ports[3]}",
        };
        foreach (var (key, value) in own) settings[key] = value;
        var told = settings.Where(setting => setting.Value is not null).ToDictionary(setting => setting.Key, setting => setting.Value!);

        var output = clock is null ? await RecorderProgram.Run(told, role) : await RecorderProgram.RunAt(clock, told, role);

        Assert.True(output.ExitCode == RecorderProgram.UserError, $"{role}, {english}: exit code {output.ExitCode}\n{output.Errors}\n{output.Text}");
        Assert.Contains(english, output.Errors);
        Assert.Contains(chinese, output.Errors);
        Assert.DoesNotContain("   at ", output.Errors);
        Assert.DoesNotContain("hush-hush", output.Errors + output.Text);
        Assert.DoesNotContain(farm.Database.Password, output.Errors + output.Text);
        Assert.DoesNotContain((await File.ReadAllTextAsync(farm.CommonSettings["Cluster:SecretFile"])).Trim(), output.Errors + output.Text);
        Assert.True(await farm["node-1"].IsReady() && await farm["node-2"].IsReady());
    }

    private static Dictionary<string, string?> With(params (string Key, string? Value)[] settings) => settings.ToDictionary(setting => setting.Key, setting => setting.Value);

    // Lives that are over are kept for a while, for people who look.
    private static async Task<string[]> Members(TestFarm farm)
    {
        await using var connection = new NpgsqlConnection(farm.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT SiloName || ' ' || Port || '@' || Generation || ' ' || Status FROM OrleansMembershipTable WHERE Status <> 6 ORDER BY 1", connection);
        await using var rows = await command.ExecuteReaderAsync();
        var members = new List<string>();
        while (await rows.ReadAsync()) members.Add(rows.GetString(0));
        return [.. members];
    }

    private static async Task Execute(TestFarm farm, string sql)
    {
        await using var connection = new NpgsqlConnection(farm.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
