using System.Net;
using System.Net.Sockets;
using Npgsql;
using OrleansRecorder.Farm;
using OrleansRecorder.FarmTests.Harness;
using OrleansRecorder.Testing;

namespace OrleansRecorder.FarmTests.Startup;

/// <summary>What does not let a silo or an API start is told in both languages with the way out, exit code 2, no password, and nothing touched.</summary>
public sealed class StartupErrorTests(FarmServer farm) : IClassFixture<FarmServer>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int[] _ports = FreePorts.Find(4);

    [Theory]
    [InlineData("silo")]
    [InlineData("api")]
    public async Task A_database_that_cannot_be_reached_is_waited_for_and_then_told(string role)
    {
        var settings = Settings("Host=127.0.0.1;Port=1;Username=recorder;Password=hush-hush");
        settings["Database:StartLimitSeconds"] = "1";

        await MustRefuse(role, settings, "could not be reached within 1 s", "1 秒内无法连接数据库");
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("api")]
    public async Task A_wrong_password_is_told_at_once(string role)
    {
        var settings = Settings(await farm.Server.CreateDatabase());
        settings["Database:Password"] = "hush-hush";

        await MustRefuse(role, settings, "the user or the password is wrong", "用户名或密码错误");
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_told()
    {
        var connection = new NpgsqlConnectionStringBuilder(await farm.Server.CreateDatabase()) { Database = "nowhere" };

        await MustRefuse("silo", Settings(connection.ConnectionString), "does not exist", "不存在");
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("api")]
    public async Task A_database_without_tables_is_told_with_the_command_that_makes_them(string role) =>
        await MustRefuse(role, Settings(await farm.Server.CreateEmptyDatabase()), "recorder db init", "请先运行 recorder db init");

    [Theory]
    [InlineData("DELETE FROM RecorderSchema", "older schema", "旧版本")]
    [InlineData("INSERT INTO RecorderSchema (Version) VALUES (999)", "newer schema 999", "较新的版本 999")]
    public async Task An_older_and_a_newer_schema_are_refused(string change, string english, string chinese)
    {
        var database = await farm.Server.CreateDatabase();
        await Execute(database, change);

        await MustRefuse("silo", Settings(database), english, chinese);
        await MustRefuse("api", Settings(database), english, chinese);
    }

    [Theory]
    [InlineData("+ interval '10 minutes'")]
    [InlineData("- interval '10 minutes'")]
    public async Task A_clock_that_is_ten_minutes_off_the_databases_is_refused(string off)
    {
        var database = await farm.Server.CreateDatabase();
        // What the program asks for is found in the schema public first: the database's clock goes wrong for it alone.
        await Execute(database, $"CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT pg_catalog.clock_timestamp() {off} $$");
        await Execute(database, $"ALTER DATABASE {new NpgsqlConnectionStringBuilder(database).Database} SET search_path = public, pg_catalog");

        await MustRefuse("silo", Settings(database), "is 600 s off the database's", "相差 600 秒");
        await MustRefuse("api", Settings(database), "set the clock", "校准时钟");
    }

    [Theory]
    [InlineData("silo", "Silo:Port")]
    [InlineData("silo", "Silo:GatewayPort")]
    [InlineData("silo", "Health:Port")]
    [InlineData("api", "Api:Port")]
    public async Task A_port_in_use_is_named(string role, string port)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var settings = Settings(await farm.Server.CreateDatabase());
        settings[port] = $"{((IPEndPoint)taken.LocalEndpoint).Port}";

        await MustRefuse(role, settings, $"port {settings[port]} (127.0.0.1) is in use", $"端口 {settings[port]} (127.0.0.1) 已被占用");
    }

    [Fact]
    public async Task An_archive_that_cannot_be_written_is_named()
    {
        await File.WriteAllTextAsync(_folder["file"], "not a directory");
        var settings = Settings(await farm.Server.CreateDatabase());
        settings["Node:Directory"] = _folder["file"];

        await MustRefuse("silo", settings, $"the output directory {_folder["file"]}", "无法写入");
        Assert.Equal("not a directory", await File.ReadAllTextAsync(_folder["file"]));
    }

    [Fact]
    public async Task A_broken_configuration_is_told_with_line_and_column()
    {
        await File.WriteAllTextAsync(_folder["config.json"], "{\n  \"global_config\": {,\n}");
        var settings = Settings(await farm.Server.CreateDatabase());

        await MustRefuse("silo", settings, "line 2", "第 2 行");
    }

    [Fact]
    public async Task No_configuration_anywhere_is_told_with_the_path()
    {
        var settings = Settings(await farm.Server.CreateDatabase());
        File.Delete(_folder["config.json"]);

        await MustRefuse("silo", settings, _folder["config.json"], "没有可用的配置", mayJoin: true);
    }

    [Fact]
    public async Task Every_wrong_setting_is_told_at_once()
    {
        var settings = Settings(await farm.Server.CreateDatabase());
        settings["Node:Capacity"] = "0";
        settings["Silo:Port"] = "nonsense";

        await MustRefuse("silo", settings, "Node:Capacity \"0\" must be a whole number from 1 to 10000", "Silo:Port \"nonsense\" 必须是");
    }

    [Fact]
    public async Task A_silo_beyond_loopback_wants_a_secret()
    {
        var settings = Settings(await farm.Server.CreateDatabase());
        settings.Remove("Cluster:Secret");
        settings["Silo:ListenOnAll"] = "true";

        await MustRefuse("silo", settings, "Cluster:Secret", "Cluster:Secret", mayJoin: true);
    }

    public void Dispose() => _folder.Dispose();

    private Dictionary<string, string> Settings(string database)
    {
        if (!File.Exists(_folder["config.json"])) File.WriteAllText(_folder["config.json"], FarmConfig.Of(["rtsp://127.0.0.1:1/a"]));
        return new Dictionary<string, string>
        {
            ["Database"] = database,
            ["Cluster:Secret"] = "hush-hush-secret",
            ["Config:File"] = _folder["config.json"],
            ["Node:Name"] = "node-1",
            ["Node:Directory"] = _folder["archive"],
            ["Silo:Address"] = "127.0.0.1",
            ["Silo:Port"] = $"{_ports[0]}",
            ["Silo:GatewayPort"] = $"{_ports[1]}",
            ["Health:Port"] = $"{_ports[2]}",
            ["Api:Listen"] = "127.0.0.1",
            ["Api:Port"] = $"{_ports[3]}",
        };
    }

    private async Task MustRefuse(string role, Dictionary<string, string> settings, string english, string chinese, bool mayJoin = false)
    {
        var output = await RecorderProgram.Run(settings, role);

        Assert.Equal(RecorderProgram.UserError, output.ExitCode);
        Assert.Contains(english, output.Errors);
        Assert.Contains(chinese, output.Errors);
        Assert.DoesNotContain("hush-hush", output.Errors + output.Text);
        Assert.DoesNotContain(farm.Server.Password, output.Errors + output.Text);
        Assert.DoesNotContain("   at ", output.Errors);
        if (!mayJoin) Assert.False(Directory.Exists(_folder["archive"]));
        if (!mayJoin) Assert.Equal(0, await Members(settings["Database"]));
    }

    private static async Task<long> Members(string database)
    {
        try
        {
            await using var connection = new NpgsqlConnection(database);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("SELECT count(*) FROM OrleansMembershipTable", connection);
            return (long)(await command.ExecuteScalarAsync())!;
        }
        catch (NpgsqlException)
        {
            // There is no such database, or no table in it: nothing was changed.
            return 0;
        }
    }

    private static async Task Execute(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
        NpgsqlConnection.ClearPool(connection);
    }
}
