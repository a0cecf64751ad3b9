using System.Globalization;
using OrleansRecorder.Farm;
using OrleansRecorder.Hosting;

namespace OrleansRecorder.Bench.Farm;

/// <summary>A farm of real processes on one machine: PostgreSQL, silos whose captures record nothing, one API with a listener to its events.</summary>
internal sealed class BenchFarm : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan ProcessEnd = TimeSpan.FromSeconds(20);

    private readonly FarmLoad _load;
    private readonly FarmFolder _folder = new();
    private readonly FarmPorts _ports;
    private readonly FarmApi _api;
    private readonly List<ChildProcess> _silos = [];
    private readonly CancellationTokenSource _ending = new();
    private ChildProcess? _database;
    private ChildProcess? _front;
    private Task _listening = Task.CompletedTask;

    private BenchFarm(FarmLoad load)
    {
        _load = load;
        _ports = FarmPorts.Find(load.Silos, apis: 1);
        _api = new FarmApi(_ports.Apis[0]);
    }

    /// <summary>Process ids.</summary>
    public IReadOnlyList<int> Silos => [.. _silos.Select(silo => silo.Id)];

    /// <inheritdoc cref="Silos"/>
    public int Api => _front!.Id;

    /// <inheritdoc cref="Silos"/>
    public int Database => _database!.Id;

    /// <summary>Of the farm's database, with its password.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>What the silos write their samples into.</summary>
    public IReadOnlyList<string> SampleFiles => [.. Enumerable.Range(1, _load.Silos).Select(silo => _folder[$"node-{silo}.samples"])];

    /// <summary>Starts everything, the scheduler last. Throws <see cref="StartupException"/> with the log of what does not start.</summary>
    public static async Task<BenchFarm> Start(FarmLoad load, CancellationToken stop)
    {
        var farm = new BenchFarm(load);
        try
        {
            await farm.StartAll(stop);
            return farm;
        }
        catch
        {
            await farm.DisposeAsync();
            throw;
        }
    }

    /// <summary>The last lines of all logs, for when something went wrong.</summary>
    public string Tails() => string.Join('\n', _silos.Append(_front).OfType<ChildProcess>().Select(child => $"--- {child.Spec.Name}\n{child.Tail(15)}"));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_front is not null) await _front.End(Signal.Terminate, ProcessEnd, TimeProvider.System);
        await Task.WhenAll(_silos.Select(silo => silo.End(Signal.Terminate, ProcessEnd, TimeProvider.System)));
        if (_database is not null) await _database.End(Signal.Interrupt, ProcessEnd, TimeProvider.System);
        foreach (var child in _silos.Append(_front).Append(_database)) child?.Dispose();
        _api.Dispose();
        _ending.Dispose();
        _folder.Dispose();
    }

    private async Task StartAll(CancellationToken stop)
    {
        var config = _folder.Write("config.json", _load.Configuration());
        var postgres = await FarmPostgres.Create(_folder, _ports.Database, _folder["postgres.log"], stop);
        _database = await ChildProcess.Start(postgres.Spec);
        await postgres.CreateDatabase(_database, TimeProvider.System, stop);
        ConnectionString = postgres.ConnectionWithPassword;
        using (var schema = await ChildProcess.Start(Program("db", "recorder.dll", new() { ["Database"] = ConnectionString }, "db", "init")))
        {
            if (await schema.Exited.WaitAsync(StartPatience, stop) != 0) throw new StartupException(schema.Tail(), schema.Tail());
        }

        var common = new Dictionary<string, string>
        {
            ["Database"] = postgres.Connection,
            ["Database__PasswordFile"] = postgres.PasswordFile,
            ["Cluster__SecretFile"] = _folder.NewSecret("cluster-secret").File,
            ["Shutdown__LimitSeconds"] = "15",
        };
        for (var i = 0; i < _load.Silos; i++) _silos.Add(await ChildProcess.Start(Silo(i, config, common)));
        _front = await ChildProcess.Start(Program("api", "recorder.dll", new(common) { ["Api__Listen"] = "127.0.0.1", ["Api__Port"] = Text(_ports.Apis[0]) }, "api"));
        foreach (var port in _ports.Silos.Select(ports => ports.Health).Append(_ports.Apis[0]))
        {
            if (!await _api.UntilOk($"http://127.0.0.1:{port}/readyz", StartPatience, TimeProvider.System, stop)) throw new StartupException(Tails(), Tails());
        }

        _listening = Listen(_ending.Token);
        if (!await _api.Post("/api/scheduler/start", stop)) throw new StartupException(Tails(), Tails());
    }

    private ChildSpec Silo(int index, string config, Dictionary<string, string> common)
    {
        var (silo, gateway, health) = _ports.Silos[index];
        var name = $"node-{index + 1}";
        return Program(name, "recorder-bench.dll", new(common)
        {
            ["Node__Name"] = name,
            ["Node__Directory"] = Directory.CreateDirectory(_folder[name]).FullName,
            ["Node__Capacity"] = "10000",
            ["Config__File"] = config,
            ["Silo__Address"] = "127.0.0.1",
            ["Silo__Port"] = Text(silo),
            ["Silo__GatewayPort"] = Text(gateway),
            ["Health__Port"] = Text(health),
        }, "silo", SampleFiles[index]);
    }

    private ChildSpec Program(string name, string assembly, Dictionary<string, string> settings, params string[] arguments) =>
        new(name, "dotnet", [Path.Combine(AppContext.BaseDirectory, assembly), .. arguments])
        {
            LogFile = _folder[name + ".log"],
            Environment = settings.ToDictionary(setting => "RECORDER_" + setting.Key, setting => setting.Value),
        };

    // As the console does: the API then looks at the cycle once a second, and tells what has changed.
    private async Task Listen(CancellationToken stop)
    {
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        await using var events = await http.GetStreamAsync($"{_api.Address}/api/events", stop);
        var buffer = new byte[64 << 10];
        while (await events.ReadAsync(buffer, stop) > 0)
        {
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
