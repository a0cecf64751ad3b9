using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;
using Orleans.TestingHost;
using OrleansRecorder.Archive;
using OrleansRecorder.Archive.Recovery;
using OrleansRecorder.Configuration;
using OrleansRecorder.Cycles;
using OrleansRecorder.Media.Captures;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Support;

/// <summary>Several recording nodes in this process, each with the archive that the test says, and a client. Their storage is common, their disks are folders.</summary>
internal sealed class TestFarm : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private InProcessTestCluster? _cluster;

    /// <summary>What the nodes have in common.</summary>
    public TestStorage Storage { get; } = new();

    /// <summary>By the node's name.</summary>
    public Dictionary<string, FakeEngine> Engines { get; } = [];

    /// <summary>Short pauses, so that tests need not wait.</summary>
    public CycleOptions Cycle { get; } = new() { TickPeriod = TimeSpan.FromMilliseconds(50), RetryPause = TimeSpan.FromMilliseconds(200), StartJitter = TimeSpan.FromMilliseconds(100) };

    public InProcessTestCluster Cluster => _cluster!;

    public IClusterClient Client => Cluster.Client;

    /// <summary>The output directory of whoever serves this archive.</summary>
    public string Output(string archive) => Path.Combine(_folder[archive], "output");

    /// <summary>The nodes' names with their archives, null for one of the node's own name.</summary>
    public static Task<TestFarm> Start(params (string Node, string? Archive)[] nodes) => Start(streams: 1, slots: 2, nodes);

    /// <summary>With so many streams, each of 20 s, in one cycle of a minute.</summary>
    public static async Task<TestFarm> Start(int streams, int slots, params (string Node, string? Archive)[] nodes)
    {
        var farm = new TestFarm();
        File.WriteAllText(farm._folder["config.json"], JsonSerializer.Serialize(new
        {
            global_config = new
            {
                total_poll_duration_seconds = 60, max_concurrent_streams = slots, output_directory = "output", report_filename = "rtsp_report.json",
                connection_timeout_seconds = 5, read_timeout_seconds = 5, poll_cycles = 1, cycle_interval_seconds = 0, max_sessions_per_host = 0,
            },
            streams = Enumerable.Range(0, streams).Select(i => new { rtsp_url = $"rtsp://camera/{i}", duration_seconds = 20, weight = 1, output_filename = $"camera{i}.mp4" }),
        }));
        var builder = new InProcessTestClusterBuilder((short)nodes.Length);
        builder.ConfigureSilo((options, silo) => farm.Configure(Of(options.SiloName, nodes), silo));
        farm._cluster = builder.Build();
        await farm._cluster.DeployAsync();
        return farm;
    }

    public InProcessSiloHandle Silo(string node) => Cluster.Silos.Single(silo => silo.Name == node);

    /// <summary>The name of the node that has an activation of this grain; null when none has.</summary>
    public async Task<string?> WhereIs(IAddressable grain)
    {
        var address = await Client.GetGrain<IManagementGrain>(0).GetActivationAddress(grain);
        return Cluster.Silos.SingleOrDefault(silo => silo.SiloAddress.Equals(address))?.Name;
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    // A silo that is started again has the node's name by then.
    private static (string Node, string? Archive) Of(string silo, (string Node, string? Archive)[] nodes) =>
        Array.Find(nodes, node => node.Node == silo) is { Node: not null } known ? known : nodes[int.Parse(silo.Split('_')[1])];

    private void Configure((string Node, string? Archive) node, ISiloBuilder silo)
    {
        var storage = Storage.Connect();
        var engine = Engines[node.Node] = new FakeEngine();
        silo.UseInMemoryReminderService();
        silo.Services.AddKeyedSingleton<IGrainStorage>("Default", storage);
        silo.Services.AddSingleton<IGrainStorage>(storage);
        silo.Services.AddSingleton<ICaptureEngine>(engine);
        silo.Services.AddSingleton(Microsoft.Extensions.Options.Options.Create(Cycle));
        silo.Services.AddSingleton(new NodeArchivesOptions { BaseDirectory = _folder[node.Archive ?? node.Node], ScanInterval = TimeSpan.FromMilliseconds(200) });
        silo.Services.AddSingleton<RecordingRepair>((path, _) => Task.FromResult(new RepairedRecording(TimeSpan.FromMilliseconds(new FileInfo(path).Length))));
        silo.Services.Configure<ConfigOptions>(options => options.FilePath = _folder["config.json"]);
        silo.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(15));
        silo.AddRecorderGrains(options => (options.Name, options.Archive, options.DrainLimit) = (node.Node, node.Archive, TimeSpan.FromSeconds(3)));
    }
}
