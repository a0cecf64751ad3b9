using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Storage;
using OrleansRecorder.Archive;
using OrleansRecorder.Archive.Recovery;
using OrleansRecorder.Configuration;
using OrleansRecorder.Cycles;
using OrleansRecorder.Media.Captures;
using OrleansRecorder.Nodes;
using OrleansRecorder.Streams;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Support;

/// <summary>
/// A recording node of one silo in this process: the real grains and the real archive on a temporary folder, over a fake engine and a storage
/// that outlives the silo, so that the silo can be stopped, killed and started again.
/// </summary>
internal sealed class TestNode : IAsyncDisposable
{
    public const string Name = "node-1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TemporaryFolder _folder = new();
    private IHost? _host;
    private TestStorage.Connection? _connection;

    public TestStorage Storage { get; } = new();

    public FakeEngine Engine { get; private set; } = new();

    public CycleOptions Cycle { get; } = new() { TickPeriod = TimeSpan.FromMilliseconds(50), SilenceBeforeAsking = TimeSpan.FromSeconds(3), RetryPause = TimeSpan.FromMilliseconds(200), StoragePatience = TimeSpan.FromSeconds(2) };

    public Action<ISiloBuilder> Configure { get; set; } = _ => { };

    public Action<NodeOptions> ConfigureNode { get; set; } = _ => { };

    /// <summary>What recovery does with a file that a kill left; by default all of it plays.</summary>
    public RecordingRepair Repair { get; set; } = (path, _) => Task.FromResult(new RepairedRecording(TimeSpan.FromMilliseconds(new FileInfo(path).Length)));

    public string ConfigPath => _folder["config.json"];

    public string Output => _folder["output"];

    public IGrainFactory Grains => _host!.Services.GetRequiredService<IGrainFactory>();

    public IServiceProvider Services => _host!.Services;

    public ICycleGrain Scheduler => Grains.GetGrain<ICycleGrain>(ICycleGrain.Key);

    public IConfigGrain Config => Grains.GetGrain<IConfigGrain>(IConfigGrain.Key);

    public IArchiveGrain Archive => Grains.GetGrain<IArchiveGrain>(Name);

    public static async Task<TestNode> Started(int streams = 1, double total = 60, int slots = 2, double duration = 20, int pollCycles = 1, double interval = 0)
    {
        var node = new TestNode();
        node.WriteConfig(streams, total, slots, duration, pollCycles, interval);
        await node.Start();
        return node;
    }

    public IStreamGrain Stream(string key) => Grains.GetGrain<IStreamGrain>(key);

    public void WriteConfig(int streams, double total, int slots, double duration, int pollCycles, double interval) => File.WriteAllText(ConfigPath, JsonSerializer.Serialize(new
    {
        global_config = new
        {
            total_poll_duration_seconds = total,
            max_concurrent_streams = slots,
            output_directory = Output,
            report_filename = "rtsp_report.json",
            connection_timeout_seconds = 5,
            read_timeout_seconds = 5,
            poll_cycles = pollCycles,
            cycle_interval_seconds = interval,
            min_duration_seconds = 1,
            max_sessions_per_host = 0,
        },
        streams = Enumerable.Range(0, streams).Select(i => new { rtsp_url = $"rtsp://user:secret@camera/{i}", duration_seconds = duration, weight = 1, output_filename = $"camera{i}.mp4" }),
    }));

    public async Task Start()
    {
        _connection = Storage.Connect();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddFilter("Orleans", LogLevel.Warning).AddFilter("Microsoft", LogLevel.Warning).SetMinimumLevel(LogLevel.Information).AddConsole();
        builder.UseOrleans(silo =>
        {
            var port = Ports.Free();
            silo.UseLocalhostClustering(port, gatewayPort: 0, serviceId: "test", clusterId: Guid.NewGuid().ToString("N"));
            silo.UseInMemoryReminderService();
            silo.Services.AddKeyedSingleton<IGrainStorage>("Default", _connection);
            silo.Services.AddSingleton<IGrainStorage>(_connection);
            silo.Services.AddSingleton<ICaptureEngine>(Engine);
            silo.Services.AddSingleton(new NodeArchivesOptions { BaseDirectory = _folder.Path, ScanInterval = TimeSpan.FromMilliseconds(200) });
            silo.Services.AddSingleton<RecordingRepair>((path, cancellation) => Repair(path, cancellation));
            silo.Services.Configure<ConfigOptions>(options => (options.FilePath, options.StoragePatience) = (ConfigPath, Cycle.StoragePatience));
            silo.Services.AddSingleton(Microsoft.Extensions.Options.Options.Create(Cycle));
            silo.AddRecorderGrains(node =>
            {
                node.Name = Name;
                node.DrainLimit = TimeSpan.FromSeconds(3);
                node.Capacity = 100_000;
                ConfigureNode(node);
            });
            Configure(silo);
        });
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(15));
        var host = builder.Build();
        using var limit = new CancellationTokenSource(Patience);
        await host.StartAsync(limit.Token);
        _host = host;
        await Until(() => host.Services.GetRequiredService<CaptureNode>().Lease.IsHeld);
    }

    /// <summary>SIGTERM.</summary>
    public async Task Stop()
    {
        if (_host is null) return;
        using var limit = new CancellationTokenSource(Patience);
        await _host.StopAsync(limit.Token);
        await Drop();
    }

    /// <summary>kill -9, as far as that can be had in one process: from here on nothing that the silo does has any effect.</summary>
    public async Task Kill()
    {
        _connection!.Cut();
        Engine.Die();
        Engine = new FakeEngine();
        await _host!.StopAsync(new CancellationToken(canceled: true)).ContinueWith(_ => { }, TaskScheduler.Default);
        await Drop();
    }

    public async Task Until(Func<CycleSnapshot, bool> condition)
    {
        for (var until = DateTimeOffset.UtcNow + Patience; !condition(await Scheduler.GetSnapshot()); await Task.Delay(20))
            Assert.True(DateTimeOffset.UtcNow < until, "it takes too long");
    }

    public static async Task Until(Func<bool> condition)
    {
        for (var until = DateTimeOffset.UtcNow + Patience; !condition(); await Task.Delay(20)) Assert.True(DateTimeOffset.UtcNow < until, "it takes too long");
    }

    public static async Task Until(Func<Task<bool>> condition)
    {
        for (var until = DateTimeOffset.UtcNow + Patience; !await condition(); await Task.Delay(20)) Assert.True(DateTimeOffset.UtcNow < until, "it takes too long");
    }

    public async ValueTask DisposeAsync()
    {
        Engine.Hangs = false;
        await Stop();
        _folder.Dispose();
    }

    private async Task Drop()
    {
        var host = _host!;
        _host = null;
        if (host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        else host.Dispose();
    }
}
