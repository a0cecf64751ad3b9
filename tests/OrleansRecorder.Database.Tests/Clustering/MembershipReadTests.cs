namespace OrleansRecorder.Database.Tests.Clustering;

public sealed class MembershipReadTests(FarmServer farm) : FarmTest(farm)
{
    private static readonly SiloKey One = new("10.0.0.1", 11111, 1);
    private static readonly SiloKey Other = new("fe80::1", 11111, 2);

    private Silos Silos => new(Texts);

    [Fact]
    public async Task A_cluster_without_members_reads_as_its_version_alone()
    {
        await Silos.Begin();

        foreach (var row in new[] { Assert.Single(await Silos.ReadAll()), await Silos.Read(One) })
        {
            Assert.Equal(0, row["Version"]);
            Assert.All(row.Where(column => column.Key != "version"), column => Assert.Null(column.Value));
            Assert.Equal(11, row.Count);
        }
    }

    [Fact]
    public async Task A_member_reads_as_it_was_written()
    {
        await Silos.Begin();
        await Silos.Insert(One, version: 0);
        await Silos.Insert(Other, version: 1);

        var row = await Silos.Read(Other);
        Assert.Equal(("fe80::1", 11111, 2), ((string)row["Address"]!, (int)row["Port"]!, (int)row["Generation"]!));
        Assert.Equal(("node-11111", "host"), ((string)row["SiloName"]!, (string)row["HostName"]!));
        Assert.Equal((Silos.Active, 30000), ((int)row["Status"]!, (int)row["ProxyPort"]!));
        Assert.Null(row["SuspectTimes"]);
        Assert.Equal((Silos.Noon, Silos.Noon), ((DateTime)row["StartTime"]!, (DateTime)row["IAmAliveTime"]!));
        Assert.Equal(2, row["Version"]);
        Assert.Equal([One, Other], (await Silos.ReadAll()).Select(SiloKey.Of).OrderBy(silo => silo.Generation));
    }

    [Fact]
    public async Task A_silo_that_is_not_there_reads_as_the_version_alone()
    {
        await Silos.Begin();
        await Silos.Insert(One, version: 0);

        var row = await Silos.Read(Other);

        Assert.Null(row["StartTime"]);
        Assert.Equal(1, row["Version"]);
    }

    [Fact]
    public async Task Clusters_know_nothing_of_one_another()
    {
        var neighbour = new Silos(Texts, "neighbour");
        await Silos.Begin();
        await neighbour.Begin();
        await neighbour.Insert(One, version: 0);
        await neighbour.Bury(One);

        Assert.Null(Assert.Single(await Silos.ReadAll())["StartTime"]);
        Assert.Equal(0, await Silos.Version());
        Assert.Empty(await Silos.Gateways());
        await Silos.Cleanup(DateTime.UtcNow.AddYears(10));
        await Silos.Forget();
        Assert.Equal(2, await neighbour.Version());
        Assert.Single(await neighbour.ReadAll());
    }

    [Fact]
    public async Task Gateways_are_the_active_silos_that_have_a_port_for_clients()
    {
        await Silos.Begin();
        await Silos.Insert(One, version: 0);
        await Silos.Insert(Other, version: 1, proxyPort: 0);
        await Silos.Insert(new("10.0.0.3", 1, 1), version: 2, status: 2);
        await Silos.Insert(new("10.0.0.4", 1, 1), version: 3, status: Silos.Dead);

        var gateway = Assert.Single(await Silos.Gateways());

        Assert.Equal(("10.0.0.1", 30000, 1), ((string)gateway["Address"]!, (int)gateway["ProxyPort"]!, (int)gateway["Generation"]!));
    }

    [Fact]
    public async Task Cleaning_up_takes_the_dead_of_long_ago_and_nobody_else()
    {
        await Silos.Begin();
        var old = Silos.Noon.AddDays(-8);
        var (longDead, active, deadToday, started) = (One with { Port = 1 }, One with { Port = 2 }, One with { Port = 3 }, One with { Port = 4 });
        await Silos.Insert(longDead, version: 0, Silos.Dead, at: old);
        await Silos.Insert(active, version: 1, at: old);
        await Silos.Insert(deadToday, version: 2, Silos.Dead);
        await Silos.Insert(started, version: 3, Silos.Dead);
        await Silos.Alive(started, old);

        await Silos.Cleanup(Silos.Noon.AddDays(-7));

        Assert.Equal([2, 3, 4], (await Silos.ReadAll()).Select(row => (int)row["Port"]!).Order());
        Assert.Equal(4, await Silos.Version());
    }

    [Fact]
    public async Task Cleaning_up_one_takes_it_if_it_still_is_as_it_was_read()
    {
        await Silos.Begin();
        await Silos.Insert(One, version: 0, Silos.Dead);
        await Silos.Insert(Other, version: 1);

        await Silos.CleanupOne(One, "someone", Silos.Noon, Silos.Noon);
        await Silos.CleanupOne(One, null, Silos.Noon.AddSeconds(1), Silos.Noon);
        await Silos.CleanupOne(One, null, Silos.Noon, Silos.Noon.AddSeconds(1));
        await Silos.CleanupOne(Other, null, Silos.Noon, Silos.Noon);
        Assert.Equal(2, (await Silos.ReadAll()).Count);

        await Silos.CleanupOne(One, null, Silos.Noon, Silos.Noon);
        Assert.Equal(Other, SiloKey.Of(Assert.Single(await Silos.ReadAll())));
        Assert.Equal(2, await Silos.Version());
    }

    [Fact]
    public async Task A_forgotten_cluster_can_begin_again()
    {
        await Silos.Begin();
        await Silos.Insert(One, version: 0);

        await Silos.Forget();

        Assert.Empty(await Silos.ReadAll());
        Assert.True(await Silos.Begin());
        Assert.Equal(0, await Silos.Version());
    }
}
