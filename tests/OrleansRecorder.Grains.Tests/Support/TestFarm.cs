using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;
using Orleans.TestingHost;
using OrleansRecorder.Archive;
using OrleansRecorder.Archive.Recovery;
using OrleansRecorder.Configuration;
using OrleansRecorder.Media.Captures;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Support;

/// <summary>Several recording nodes in this process, each with the archive that the test says, and a client. Their storage is common, their disks are folders.</summary>
internal sealed class TestFarm : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestStorage _storage = new();
    private InProcessTestCluster? _cluster;

    public InProcessTestCluster Cluster => _cluster!;

    public IClusterClient Client => Cluster.Client;

    /// <summary>The output directory of whoever serves this archive.</summary>
    public string Output(string archive) => Path.Combine(_folder[archive], "output");

    /// <summary>The nodes' names with their archives, null for one of the node's own name.</summary>
    public static async Task<TestFarm> Start(params (string Node, string? Archive)[] nodes)
    {
        var farm = new TestFarm();
        File.WriteAllText(farm._folder["config.json"], JsonSerializer.Serialize(new
        {
            global_config = new
            {
                total_poll_duration_seconds = 60, max_concurrent_streams = 2, output_directory = "output", report_filename = "rtsp_report.json",
                connection_timeout_seconds = 5, read_timeout_seconds = 5, poll_cycles = 1, cycle_interval_seconds = 0,
            },
            streams = new[] { new { rtsp_url = "rtsp://camera/0", duration_seconds = 20, weight = 1, output_filename = "camera0.mp4" } },
        }));
        var builder = new InProcessTestClusterBuilder((short)nodes.Length);
        builder.ConfigureSilo((options, silo) => farm.Configure(nodes[int.Parse(options.SiloName.Split('_')[1])], silo));
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

    private void Configure((string Node, string? Archive) node, ISiloBuilder silo)
    {
        var storage = _storage.Connect();
        silo.UseInMemoryReminderService();
        silo.Services.AddKeyedSingleton<IGrainStorage>("Default", storage);
        silo.Services.AddSingleton<IGrainStorage>(storage);
        silo.Services.AddSingleton<ICaptureEngine>(new FakeEngine());
        silo.Services.AddSingleton(new NodeArchivesOptions { BaseDirectory = _folder[node.Archive ?? node.Node], ScanInterval = TimeSpan.FromMilliseconds(200) });
        silo.Services.AddSingleton<RecordingRepair>((path, _) => Task.FromResult(new RepairedRecording(TimeSpan.FromMilliseconds(new FileInfo(path).Length))));
        silo.Services.Configure<ConfigOptions>(options => options.FilePath = _folder["config.json"]);
        silo.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(15));
        silo.AddRecorderGrains(options => (options.Name, options.Archive, options.DrainLimit) = (node.Node, node.Archive, TimeSpan.FromSeconds(3)));
    }
}
