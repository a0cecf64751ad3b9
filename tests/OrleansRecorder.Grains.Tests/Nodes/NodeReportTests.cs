using Microsoft.Extensions.DependencyInjection;
using OrleansRecorder.Support;

namespace OrleansRecorder.Nodes;

public sealed class NodeReportTests
{
    [Fact]
    public async Task A_node_reports_once_a_second_in_one_piece_also_when_nothing_runs()
    {
        var watch = new ReportWatch();
        await using var node = new TestNode { Configure = silo => silo.AddIncomingGrainCallFilter(watch) };
        node.WriteConfig(streams: 30, total: 60, slots: 30, duration: 20, pollCycles: 1, interval: 0);
        await node.Start();
        await TestNode.Until(() => watch.Count >= 3);

        await node.Scheduler.Start();
        await TestNode.Until(() => node.Engine.Running.Count == 30);
        foreach (var capture in node.Engine.Running) capture.Record(3);
        var before = watch.Count;
        await node.Until(snapshot => snapshot.Tasks.All(task => task.RecordedSeconds == 3));
        await Task.Delay(2000);

        Assert.InRange(watch.Count - before, 1, 25);
        Assert.Equal(30, Node(node).Report().Captures.Length);
    }

    [Fact]
    public async Task A_report_says_who_the_node_is_what_it_can_carry_and_what_room_it_has()
    {
        await using var node = new TestNode { ConfigureNode = options => options.Capacity = 7 };
        node.WriteConfig(streams: 1, total: 60, slots: 1, duration: 20, pollCycles: 1, interval: 0);
        await node.Start();
        await TestNode.Until(() => Node(node).Report().TotalBytes > 0);

        var report = Node(node).Report();
        Assert.Equal((TestNode.Name, TestNode.Name, 7, false), (report.Node, report.Archive, report.Capacity, report.IsDraining));
        Assert.Equal(node.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString(), report.Life);
        Assert.InRange(report.FreeBytes, 1, report.TotalBytes);
        Assert.InRange(report.StartedAt, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow);
        Assert.Matches(@"^\d+\.\d+", report.Version);
    }

    [Fact]
    public async Task A_report_that_fails_is_followed_by_another_without_waiting_for_its_time()
    {
        var period = TimeSpan.FromMinutes(10);
        var watch = new ReportWatch { Answer = number => number <= 2 ? throw new TimeoutException("the cycle moves") : Task.FromResult<NodeLease?>(null) };
        await using var node = new TestNode { Configure = silo => silo.AddIncomingGrainCallFilter(watch), ConfigureNode = options => options.ReportPeriod = period };
        node.WriteConfig(streams: 1, total: 60, slots: 1, duration: 20, pollCycles: 1, interval: 0);
        await node.Start();

        await TestNode.Until(() => watch.Count == 3 && Node(node).Lease.IsHeld);
    }

    [Fact]
    public async Task A_report_that_is_never_answered_holds_up_no_other()
    {
        var never = new TaskCompletionSource<NodeLease?>();
        var watch = new ReportWatch { Answer = number => number == 2 ? never.Task : Task.FromResult<NodeLease?>(null) };
        await using var node = new TestNode { Configure = silo => silo.AddIncomingGrainCallFilter(watch) };
        node.WriteConfig(streams: 1, total: 60, slots: 1, duration: 20, pollCycles: 1, interval: 0);
        await node.Start();

        await TestNode.Until(() => watch.Count >= 4);

        Assert.True(Node(node).Lease.IsHeld);
        never.SetResult(null);
    }

    [Fact]
    public async Task A_node_whose_lease_is_not_renewed_ends_its_captures_keeps_their_files_and_takes_none_until_it_has_a_lease_again()
    {
        var watch = new ReportWatch();
        await using var node = new TestNode { Configure = silo => silo.AddIncomingGrainCallFilter(watch) };
        node.WriteConfig(streams: 1, total: 600, slots: 1, duration: 300, pollCycles: 1, interval: 0);
        watch.Answer = _ => Task.FromResult<NodeLease?>(new NodeLease(TimeSpan.FromSeconds(3)));
        await node.Start();
        await node.Scheduler.Start();
        await TestNode.Until(() => node.Engine.Running.Count == 1);
        var capture = node.Engine.Running[0];
        capture.Record(4);

        watch.Answer = _ => Task.FromResult<NodeLease?>(NodeLease.None);
        await TestNode.Until(() => capture.IsEnded);

        Assert.Equal(Captures.CaptureCause.Interrupted, capture.ToldToStop);
        Assert.Single(Directory.GetFiles(node.Output, "camera0.mp4", SearchOption.AllDirectories));
        using (var place = Node(node).TryReserve()) Assert.Null(place);

        watch.Answer = _ => Task.FromResult<NodeLease?>(new NodeLease(TimeSpan.FromSeconds(60)));
        await TestNode.Until(() => Node(node).Lease.IsHeld);
        using (var place = Node(node).TryReserve()) Assert.NotNull(place);
    }

    private static CaptureNode Node(TestNode node) => node.Services.GetRequiredService<CaptureNode>();
}
