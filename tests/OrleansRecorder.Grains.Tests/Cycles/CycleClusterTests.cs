using OrleansRecorder.Captures;
using OrleansRecorder.Nodes;
using OrleansRecorder.Streams;
using OrleansRecorder.Support;

namespace OrleansRecorder.Cycles;

/// <summary>The real grains on three silos of this process, each a node with an engine and a disk of its own.</summary>
public sealed class CycleClusterTests
{
    [Fact]
    public async Task Captures_are_spread_over_the_nodes_and_each_node_gets_the_reports()
    {
        await using var farm = await Started(streams: 6);
        Assert.True(await Cycle(farm).Start());
        await TestNode.Until(() => Running(farm).Length == 6);
        Assert.All(farm.Engines.Values, engine => Assert.Equal(2, engine.Running.Count));
        Assert.All(farm.Engines, node => Assert.All(node.Value.Running, capture => Assert.Equal(node.Key, capture.Order.Node)));

        foreach (var capture in Running(farm)) FakeCapture.RecordAll(capture);
        await Until(farm, s => !s.IsRunning);

        var snapshot = await Cycle(farm).GetSnapshot();
        Assert.Equal(6, snapshot.Statistics.Completed);
        foreach (var node in farm.Engines.Keys)
        {
            var directory = Path.Combine(farm.Output(node), snapshot.CycleDirectory);
            await TestNode.Until(() => File.Exists(Path.Combine(directory, "rtsp_report.json")));
            Assert.Equal(2, Directory.GetFiles(directory, "*.mp4").Length);
        }
    }

    [Fact]
    public async Task A_node_that_records_nothing_gets_no_directory()
    {
        await using var farm = await Started(streams: 1);
        await Cycle(farm).Start();
        await TestNode.Until(() => Running(farm).Length == 1);
        FakeCapture.RecordAll(Running(farm)[0]);
        await Until(farm, s => !s.IsRunning);
        var used = farm.Engines.Single(e => e.Value.Captures.Count == 1).Key;
        await TestNode.Until(() => Directory.GetFiles(farm.Output(used), "streams.csv", SearchOption.AllDirectories).Length == 1);
        Assert.Equal([used], farm.Engines.Keys.Where(node => Directory.Exists(farm.Output(node)) && Directory.GetDirectories(farm.Output(node)).Length > 0));
    }

    [Fact]
    public async Task All_nodes_are_listed_and_have_leases()
    {
        await using var farm = await Started(streams: 1);
        var nodes = await Cycle(farm).GetNodes();
        Assert.Equal(["Silo_0", "Silo_1", "Silo_2"], nodes.Select(n => n.Name));
        Assert.All(nodes, n => Assert.Equal(NodeCondition.Active, n.Condition));
        Assert.False(await Cycle(farm).ForgetNode("Silo_1"));
        Assert.False(await Cycle(farm).ForgetNode("nobody"));
    }

    [Fact]
    public async Task A_stream_that_is_elsewhere_says_so_and_goes_away_and_what_runs_there_gives_way_to_a_newer_order()
    {
        await using var farm = await Started(streams: 1);
        var stream = farm.Client.GetGrain<IStreamGrain>("rtsp://camera/9");
        Assert.Equal(CaptureAcceptance.Accepted, await BeginOn(farm, stream, "Silo_1", attempt: 1));
        Assert.Equal("Silo_1", await farm.WhereIs(stream));

        await TestNode.Until(async () => await stream.Begin(Order("Silo_2", attempt: 2)) == CaptureAcceptance.Elsewhere);
        Assert.Equal(CaptureCause.Interrupted, farm.Engines["Silo_1"].Captures[0].ToldToStop);
        await TestNode.Until(async () => await BeginOn(farm, stream, "Silo_2", attempt: 3) == CaptureAcceptance.Accepted);
        Assert.Equal("Silo_2", await farm.WhereIs(stream));
        Assert.Single(Running(farm));
    }

    [Fact]
    public async Task A_stream_that_is_asked_and_has_nothing_goes_away()
    {
        await using var farm = await Started(streams: 1);
        var stream = farm.Client.GetGrain<IStreamGrain>("rtsp://camera/9");
        Assert.Null((await stream.Running()).Capture);
        await TestNode.Until(async () => await farm.WhereIs(stream) is null);
    }

    [Fact]
    public async Task A_captures_node_that_is_gone_is_replaced_within_the_cycle()
    {
        await using var farm = await Started(streams: 3);
        await Cycle(farm).Start();
        await TestNode.Until(() => Running(farm).Length == 3);
        var home = await farm.WhereIs(Cycle(farm));
        var victim = farm.Engines.Keys.First(node => node != home);
        farm.Engines[victim].Die();
        await farm.Cluster.KillSiloAsync(farm.Silo(victim));

        await TestNode.Until(() => Running(farm).Length == 3);
        Assert.All(Running(farm), capture => Assert.NotEqual(victim, capture.Order.Node));
        await Until(farm, s => s.Tasks.All(t => t.Status is CaptureStatus.Connecting or CaptureStatus.Recording));
    }

    [Fact]
    public async Task An_activation_that_a_newer_term_has_overtaken_gives_way()
    {
        await using var farm = await Started(streams: 1);
        await Cycle(farm).GetSnapshot();
        var term = farm.Storage.Read<CycleTermState>("cycle-term", ICycleGrain.Key)!.Term;
        farm.Storage.Change<CycleTermState>("cycle-term", ICycleGrain.Key, state => state.Term += 10);

        await TestNode.Until(async () =>
        {
            await Cycle(farm).GetSnapshot();
            return farm.Storage.Read<CycleTermState>("cycle-term", ICycleGrain.Key)!.Term == term + 11;
        });
    }

    private static async Task<TestFarm> Started(int streams)
    {
        var farm = await TestFarm.Start(streams, slots: streams, ("Silo_0", null), ("Silo_1", null), ("Silo_2", null));
        await TestNode.Until(async () => (await Cycle(farm).GetNodes()).Count(n => n.Condition == NodeCondition.Active) == 3);
        await Task.Delay(farm.Cycle.LeaseSettling);
        return farm;
    }

    private static ICycleGrain Cycle(TestFarm farm) => farm.Client.GetGrain<ICycleGrain>(ICycleGrain.Key);

    private static FakeCapture[] Running(TestFarm farm) => [.. farm.Engines.Values.SelectMany(engine => engine.Running)];

    private static Task Until(TestFarm farm, Func<CycleSnapshot, bool> condition) => TestNode.Until(async () => condition(await Cycle(farm).GetSnapshot()));

    private static async Task<CaptureAcceptance> BeginOn(TestFarm farm, IStreamGrain stream, string node, int attempt)
    {
        RequestContext.Set(Orleans.Runtime.Placement.IPlacementDirector.PlacementHintKey, farm.Silo(node).SiloAddress);
        return await stream.Begin(Order(node, attempt));
    }

    private static CaptureOrder Order(string node, int attempt) => new()
    {
        Identity = new CaptureIdentity(1, 0, attempt),
        RtspUrl = "rtsp://camera/9",
        OutputDirectory = "output",
        CycleDirectory = "20260101_000000",
        OutputFilename = "camera9.mp4",
        Duration = TimeSpan.FromSeconds(20),
        Deadline = DateTimeOffset.UtcNow.AddMinutes(1),
        ConnectionTimeout = TimeSpan.FromSeconds(5),
        ReadTimeout = TimeSpan.FromSeconds(5),
        KeyFrameTimeout = TimeSpan.FromSeconds(60),
        FirstPart = 1,
        StreamIndex = 0,
        Node = node,
    };
}
