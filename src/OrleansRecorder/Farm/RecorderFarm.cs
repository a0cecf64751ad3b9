using OrleansRecorder.Cameras;
using OrleansRecorder.Hosting;

namespace OrleansRecorder.Farm;

/// <summary>A whole farm on one machine: simulated cameras, PostgreSQL, silos, APIs and nginx, each in a process of its own but the cameras. Ends them in the right order.</summary>
internal sealed class RecorderFarm : IAsyncDisposable
{
    private const string ShutdownSeconds = "15";
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan ProcessEnd = TimeSpan.FromSeconds(17);
    private static readonly TimeSpan ServerEnd = TimeSpan.FromSeconds(8);

    private readonly FarmOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<string> _say;
    private readonly FarmFolder _folder = new();
    private readonly FarmPorts _ports;
    private readonly CameraServer _cameras = CameraServer.Start();
    private readonly List<SupervisedChild> _silos = [];
    private readonly List<SupervisedChild> _apis = [];
    private SupervisedChild? _database;
    private SupervisedChild? _nginx;

    private RecorderFarm(FarmOptions options, TimeProvider time, Action<string> say)
    {
        _options = options;
        _time = time;
        _say = say;
        _ports = FarmPorts.Find(options.Silos, options.Apis);
        Api = new FarmApi(options.Port);
    }

    /// <summary>The load balancer.</summary>
    public FarmApi Api { get; }

    /// <summary>Starts everything, the scheduler last. Throws <see cref="StartupException"/> when a part does not start; nothing is left running then.</summary>
    /// <param name="options">How large.</param>
    /// <param name="time">The clock.</param>
    /// <param name="say">Takes lines for the user, from any thread.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<RecorderFarm> Start(FarmOptions options, TimeProvider time, Action<string> say, CancellationToken stop)
    {
        Surroundings.CheckPort("--port", new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, options.Port));
        var farm = new RecorderFarm(options, time, say);
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

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // From the front to the back: no request meets a missing process, and what records still has its database.
        if (_nginx is not null)
        {
            using var patience = new CancellationTokenSource(ServerEnd);
            try
            {
                await Api.Post("/api/scheduler/stop", patience.Token);
            }
            catch (OperationCanceledException)
            {
                // The silos end their captures by themselves when they are told to end.
            }

            await _nginx.End(Signal.Terminate, ServerEnd);
        }

        await Task.WhenAll(_apis.Select(api => api.End(Signal.Terminate, ProcessEnd)));
        await Task.WhenAll(_silos.Select(silo => silo.End(Signal.Terminate, ProcessEnd)));
        if (_database is not null) await _database.End(Signal.Interrupt, ServerEnd);
        foreach (var child in _silos.Concat(_apis).Append(_nginx).Append(_database)) if (child is not null) await child.DisposeAsync();
        await _cameras.DisposeAsync();
        Api.Dispose();
        _folder.Dispose();
    }

    private async Task StartAll(CancellationToken stop)
    {
        Directory.CreateDirectory(Log(""));
        _say($"Preparing {_options.Cameras} simulated cameras ...");
        var cameras = Enumerable.Range(1, _options.Cameras).Select(number => _cameras.Add(new CameraOptions { Number = number })).ToArray();
        await _cameras.PrepareAsync().WaitAsync(stop);
        var config = _folder.Write("config.json", FarmConfiguration.For(cameras));

        _say("Starting PostgreSQL ...");
        var postgres = await FarmPostgres.Create(_folder, _ports.Database, Log("postgres"), stop);
        _database = await SupervisedChild.Start(postgres.Spec, _say, _time);
        await postgres.CreateDatabase(_database.Process, _time, stop);
        var schema = ChildSpec.Recorder("db", Log("db"), new Dictionary<string, string> { ["RECORDER_Database"] = postgres.ConnectionWithPassword }, "db", "init");
        using (var init = await ChildProcess.Start(schema))
        {
            if (await init.Exited.WaitAsync(StartPatience, _time, stop) != 0) throw new StartupException(init.Tail(), init.Tail());
        }

        _say($"Starting {_options.Silos} silos and {_options.Apis} APIs ...");
        var farm = new Dictionary<string, string>
        {
            ["RECORDER_Database"] = postgres.Connection,
            ["RECORDER_Database__PasswordFile"] = postgres.PasswordFile,
            ["RECORDER_Cluster__SecretFile"] = _folder.NewSecret("cluster-secret").File,
            ["RECORDER_Shutdown__LimitSeconds"] = ShutdownSeconds,
        };
        foreach (var (ports, index) in _ports.Silos.Select((p, i) => (p, i + 1))) _silos.Add(await SupervisedChild.Start(Silo(index, ports, config, farm), _say, _time));
        foreach (var (port, index) in _ports.Apis.Select((p, i) => (p, i + 1))) _apis.Add(await SupervisedChild.Start(ApiSpec(index, port, farm), _say, _time));
        await Task.WhenAll(
            _silos.Zip(_ports.Silos, (silo, ports) => UntilReady(silo, ports.Health, stop))
                .Concat(_apis.Zip(_ports.Apis, (api, port) => UntilReady(api, port, stop))));

        _nginx = await SupervisedChild.Start(FarmNginx.Create(_folder, _options.Port, _ports.Apis, Log("nginx")), _say, _time);
        await UntilReady(_nginx, _options.Port, stop);
        foreach (var child in _silos.Concat(_apis).Append(_nginx).Append(_database)) child.Watch();
        if (!await Api.Post("/api/scheduler/start", stop)) throw new StartupException("调度器没有启动", "the scheduler did not start");
    }

    private ChildSpec Silo(int index, (int Silo, int Gateway, int Health) ports, string config, Dictionary<string, string> farm) =>
        ChildSpec.Recorder($"node-{index}", Log($"node-{index}"), farm,
            "silo", "--node-name", $"node-{index}", "--node-directory", Path.Combine(_options.Output, $"node-{index}"), "--config-file", config, "--silo-address", "127.0.0.1",
            "--silo-port", $"{ports.Silo}", "--silo-gateway-port", $"{ports.Gateway}", "--health-port", $"{ports.Health}");

    private ChildSpec ApiSpec(int index, int port, Dictionary<string, string> farm) =>
        ChildSpec.Recorder($"api-{index}", Log($"api-{index}"), farm, "api", "--api-listen", "127.0.0.1", "--api-port", $"{port}");

    private async Task UntilReady(SupervisedChild child, int port, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var ready = Api.UntilOk($"http://127.0.0.1:{port}/readyz", StartPatience, _time, ended.Token);
        var process = child.Process;
        if (await Task.WhenAny(ready, process.Exited) == ready && await ready) return;
        await ended.CancelAsync();
        stop.ThrowIfCancellationRequested();
        throw new StartupException($"{process.Spec.Name} 没有启动:\n{process.Tail()}", $"{process.Spec.Name} did not start, its log is {process.Spec.LogFile}");
    }

    private string Log(string name) => Path.Combine(_options.Output, "logs", name.Length == 0 ? "" : name + ".log");
}
