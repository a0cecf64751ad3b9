using Microsoft.Extensions.DependencyInjection;
using OrleansRecorder.Nodes;
using OrleansRecorder.Support;

namespace OrleansRecorder.Archive;

public sealed class ArchivePlacementTests
{
    [Fact]
    public async Task Each_archive_is_served_by_its_own_node_and_shows_that_nodes_disk()
    {
        await using var farm = await TestFarm.Start(("node-1", null), ("node-2", null), ("node-3", null));
        foreach (var name in new[] { "node-1", "node-2", "node-3" })
        {
            var archive = farm.Client.GetGrain<IArchiveGrain>(name);
            await archive.ReserveDirectory("output", $"20260101_00000{name[^1]}");

            Assert.Equal(name, await farm.WhereIs(archive));
            Assert.True(Directory.Exists(Path.Combine(farm.Output(name), $"20260101_00000{name[^1]}")));
            Assert.Single(await archive.ListDirectories("output"));
        }
    }

    [Fact]
    public async Task An_archive_that_several_nodes_share_is_served_by_any_of_them_and_by_another_when_that_one_dies()
    {
        await using var farm = await TestFarm.Start(("node-1", null), ("node-2", "volume"), ("node-3", "volume"));
        var archive = farm.Client.GetGrain<IArchiveGrain>("volume");
        await archive.ReserveDirectory("output", "20260101_000000");
        var first = await farm.WhereIs(archive);
        Assert.Contains(first, new[] { "node-2", "node-3" });

        await farm.Cluster.KillSiloAsync(farm.Silo(first!));

        // What the other has written shows with the next scan.
        await Eventually(async () => Assert.Single(await archive.ListDirectories("output")));
        var second = await farm.WhereIs(archive);
        Assert.Equal(first == "node-2" ? "node-3" : "node-2", second);

        await farm.Cluster.KillSiloAsync(farm.Silo(second!));
        await Assert.ThrowsAnyAsync<OrleansException>(() => archive.ListDirectories("output"));
    }

    [Theory]
    [InlineData("node-9")]
    [InlineData("node-2")]
    public async Task Who_asks_for_an_archive_that_nobody_serves_hears_its_name_on_a_client_and_on_every_node(string name)
    {
        // node-2 is there, but declares another archive than its own name.
        await using var farm = await TestFarm.Start(("node-1", null), ("node-2", "volume"));
        IGrainFactory[] askers = [farm.Client, .. farm.Cluster.Silos.Select(silo => silo.ServiceProvider.GetRequiredService<IGrainFactory>())];
        foreach (var asker in askers)
        {
            var exception = await Assert.ThrowsAnyAsync<OrleansException>(() => asker.GetGrain<IArchiveGrain>(name).ListDirectories("output"));
            Assert.Equal(name, NodeUnavailableException.In(exception)?.Node);
        }
    }

    [Fact]
    public async Task A_node_that_comes_back_has_its_archive_again()
    {
        await using var farm = await TestFarm.Start(("node-1", null), ("node-2", null));
        var archive = farm.Client.GetGrain<IArchiveGrain>("node-2");
        await archive.ReserveDirectory("output", "20260101_000000");

        var node = farm.Silo("node-2");
        await farm.Cluster.StopSiloAsync(node);
        var exception = await Assert.ThrowsAnyAsync<OrleansException>(() => archive.ListDirectories("output"));
        Assert.Equal("node-2", NodeUnavailableException.In(exception)?.Node);

        Assert.NotNull(await farm.Cluster.RestartSiloAsync(node));
        await Eventually(async () => Assert.Equal("20260101_000000", Assert.Single(await archive.ListDirectories("output")).Timestamp));
        Assert.Equal("node-2", await farm.WhereIs(archive));
    }

    [Fact]
    public async Task A_node_is_drained_where_it_is()
    {
        await using var farm = await TestFarm.Start(("node-1", null), ("node-2", null));

        var report = await farm.Client.GetGrain<INodeGrain>("node-2").Drain();

        Assert.Equal(("node-2", true), (report.Node, report.IsDraining));
        Assert.True(farm.Silo("node-2").ServiceProvider.GetRequiredService<CaptureNode>().Report().IsDraining);
        Assert.False(farm.Silo("node-1").ServiceProvider.GetRequiredService<CaptureNode>().Report().IsDraining);
    }

    // A call that is on its way to a node that dies may fail; reads are made again.
    private static async Task Eventually(Func<Task> check)
    {
        for (var until = DateTimeOffset.UtcNow.AddSeconds(20); ; await Task.Delay(100))
        {
            try
            {
                await check();
                return;
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException or Xunit.Sdk.XunitException && DateTimeOffset.UtcNow < until)
            {
                // Asked again.
            }
        }
    }
}
