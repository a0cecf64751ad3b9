using System.Net;
using System.Runtime.CompilerServices;
using Npgsql;
using OrleansRecorder.Cameras;
using OrleansRecorder.Farm;
using OrleansRecorder.Testing;

namespace OrleansRecorder.FarmTests.Harness;

/// <summary>
/// A farm of real processes on a real PostgreSQL, with simulated cameras in the test's own process: <see cref="CameraServer.ReadStatistics"/> tells who
/// played when, and how many at once. Every process is known by its name, and ended by its id.
/// </summary>
internal sealed class TestFarm : IAsyncDisposable
{
    private readonly TestFarmOptions _options;
    private readonly TemporaryFolder _folder = new();
    private readonly FarmFolder _secrets = new();
    private readonly HttpClient _probes = new();
    private readonly FarmPorts _ports;
    private readonly Dictionary<string, string> _common = [];

    private TestFarm(TestFarmOptions options, PostgreSqlServer database, string connection)
    {
        _options = options;
        Database = database;
        ConnectionString = connection;
        Cameras = CameraServer.Start(options.Network is { } network ? options.CameraServer with { Listen = network.Here } : options.CameraServer);
        _ports = FarmPorts.Find(options.Silos, options.Apis);
    }

    /// <summary>The farm's database server: it can be killed, ended and started again.</summary>
    public PostgreSqlServer Database { get; }

    /// <summary>The farm's database.</summary>
    public string ConnectionString { get; }

    /// <summary>The cameras.</summary>
    public CameraServer Cameras { get; }

    /// <summary>In the order of their numbers.</summary>
    public IReadOnlyList<FarmProcess> Silos { get; private set; } = [];

    /// <summary>In the order of their numbers.</summary>
    public IReadOnlyList<FarmProcess> Apis { get; private set; } = [];

    /// <summary>nginx, or null.</summary>
    public FarmProcess? Nginx { get; private set; }

    /// <summary>Speaks to the farm as its users do: through nginx when there is one, else to the first API.</summary>
    public FarmHttp Http { get; private set; } = null!;

    /// <summary>Speaks to each API directly.</summary>
    public IReadOnlyList<FarmHttp> HttpOf { get; private set; } = [];

    /// <summary>The cameras' configuration file, which all silos read.</summary>
    public string ConfigFile => _folder["config.json"];

    /// <summary>The settings that all processes have: database and secret.</summary>
    public IReadOnlyDictionary<string, string> CommonSettings => _common;

    /// <summary>All processes.</summary>
    public IEnumerable<FarmProcess> Processes => Nginx is null ? [.. Silos, .. Apis] : [.. Silos, .. Apis, Nginx];

    /// <summary>A process by its name.</summary>
    public FarmProcess this[string name] => Processes.First(process => process.Name == name);

    /// <summary>
    /// Starts a farm, runs a test on it, and ends it. When the test fails, the logs are kept in <c>artifacts/farm-logs/TEST</c>, and the exception shows
    /// the end of each.
    /// </summary>
    public static async Task Run(TestFarmOptions options, Func<TestFarm, Task> test, [CallerMemberName] string name = "")
    {
        await using var farm = await Prepare(options);
        try
        {
            await farm.StartAll();
            await test(farm);
        }
        catch (Exception e)
        {
            throw new FarmTestException($"{e.Message}\n{farm.KeepLogs(name)}", e);
        }
    }

    /// <summary>Makes the database, the cameras and the folders; starts no process yet.</summary>
    public static async Task<TestFarm> Prepare(TestFarmOptions options)
    {
        var database = await PostgreSqlServer.Create(options.Network?.Here);
        var farm = new TestFarm(options, database, await database.CreateDatabase());
        try
        {
            await farm.Furnish();
            return farm;
        }
        catch
        {
            await farm.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts every process, and returns when all are ready and every node may be given captures: a silo that is ready may still have its first report before it.</summary>
    public async Task StartAll()
    {
        foreach (var process in Silos.Concat(Apis)) await process.Launch();
        await Task.WhenAll(Silos.Concat(Apis).Select(process => process.UntilReady()));
        if (Nginx is not null) await Nginx.Start();
        if (Apis.Count > 0) await HttpOf[0].Until("/api/nodes", nodes => (int)nodes["count"]! == Silos.Count);
    }

    /// <summary>The folder that a node's recordings are in, a folder a cycle.</summary>
    public string ArchiveOf(string node) => _folder[node];

    /// <summary>Every recording on all nodes that has the given name, such as <c>camera1.mp4</c>, or all of them.</summary>
    public IReadOnlyList<string> Recordings(string pattern = "*.mp4") => [.. Silos.SelectMany(silo => Directory.Exists(ArchiveOf(silo.Name))
        ? Directory.GetFiles(ArchiveOf(silo.Name), pattern, SearchOption.AllDirectories)
        : [])];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in Processes.Reverse()) await process.DisposeAsync();
        await Cameras.DisposeAsync();
        await Database.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        foreach (var http in HttpOf.Append(Http)) http?.Dispose();
        _probes.Dispose();
        _secrets.Dispose();
        _folder.Dispose();
    }

    /// <summary>Copies the logs to where they outlive the farm; returns the end of each.</summary>
    public string KeepLogs(string name)
    {
        var kept = Path.Combine(FindRoot(), "artifacts", "farm-logs", name);
        Directory.CreateDirectory(kept);
        foreach (var process in Processes) File.WriteAllText(Path.Combine(kept, process.Name + ".log"), process.Log);
        File.WriteAllText(Path.Combine(kept, "postgres.log"), Database.Log);
        return string.Join('\n', Processes.Select(process => process.Tail).Append($"--- all logs: {kept}"));
    }

    /// <summary>A file for people below the repository's folder <c>artifacts</c>.</summary>
    public static string Artifact(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(FindRoot(), "artifacts")).FullName, name);

    private async Task Furnish()
    {
        Directory.CreateDirectory(_folder["logs"]);
        var cameras = Enumerable.Range(1, _options.Cameras).Select(number => Cameras.Add(_options.Camera(number))).ToArray();
        await Cameras.PrepareAsync();
        await File.WriteAllTextAsync(ConfigFile, _options.Config([.. cameras.Select(camera => camera.Url)]));

        var connection = new NpgsqlConnectionStringBuilder(ConnectionString);
        var password = _secrets.Write("password", connection.Password + "\n");
        _common["Database:Connection"] = $"Host={_options.Network?.Here.ToString() ?? connection.Host};Port={connection.Port};Database={connection.Database};Username={connection.Username}";
        _common["Database:PasswordFile"] = password;
        _common["Cluster:SecretFile"] = _secrets.NewSecret("secret").File;

        Silos = [.. _ports.Silos.Select((ports, i) => Silo(i + 1, ports))];
        Apis = [.. _ports.Apis.Select((port, i) => Api(i + 1, port))];
        HttpOf = [.. _ports.Apis.Select(port => new FarmHttp(port))];
        var front = _options.HasNginx || _options.Apis == 0 ? FreePorts.Find(1)[0] : _ports.Apis[0];
        if (_options.HasNginx) Nginx = Process(FarmNginx.Create(_secrets, front, _ports.Apis, LogOf("nginx")), new IPEndPoint(IPAddress.Loopback, front));
        Http = new FarmHttp(front);
    }

    private FarmProcess Silo(int number, (int Silo, int Gateway, int Health) ports) => Recorder($"node-{number}", "silo", new IPEndPoint(AddressOf(number), ports.Health), new()
    {
        ["Node:Name"] = $"node-{number}",
        ["Node:Directory"] = ArchiveOf($"node-{number}"),
        ["Config:File"] = ConfigFile,
        ["Silo:Address"] = $"{AddressOf(number)}",
        ["Silo:Port"] = $"{ports.Silo}",
        ["Silo:GatewayPort"] = $"{ports.Gateway}",
        ["Health:Listen"] = $"{AddressOf(number)}",
        ["Health:Port"] = $"{ports.Health}",
    }, _options.Network is { } network ? spec => network.Inside(number, spec) : spec => spec);

    private FarmProcess Api(int number, int port) => Recorder($"api-{number}", "api", new IPEndPoint(IPAddress.Loopback, port), new() { ["Api:Listen"] = "127.0.0.1", ["Api:Port"] = $"{port}" }, spec => spec);

    private IPAddress AddressOf(int silo) => _options.Network is { } network ? IPAddress.Parse(network.AddressOf(silo)) : IPAddress.Loopback;

    private FarmProcess Recorder(string name, string role, IPEndPoint readiness, Dictionary<string, string> own, Func<ChildSpec, ChildSpec> place)
    {
        var environment = _common.Concat(own).Concat(_options.Settings(name)).GroupBy(setting => setting.Key)
            .ToDictionary(setting => "RECORDER_" + setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Last().Value);
        return Process(place(ChildSpec.Recorder(name, LogOf(name), environment, role)), readiness);
    }

    private FarmProcess Process(ChildSpec spec, IPEndPoint readiness) => new(_options.Wrap(spec), new Uri($"http://{readiness}/readyz"), _probes);

    private string LogOf(string name) => _folder["logs", name + ".log"];

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "OrleansRecorder.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not inside the repository");
        return folder;
    }
}

/// <summary>A test on a farm has failed; the message ends with the farm's logs.</summary>
internal sealed class FarmTestException(string message, Exception inner) : Exception(message, inner);
