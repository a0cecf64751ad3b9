using Orleans.Storage;

namespace MiniOrleans.Tests.Storage;

[Collection(nameof(TwoSilos))]
public sealed class MemoryStorageTests(TwoSilos silos) : StorageContract(silos, "memory")
{
    [Fact, Trait("Section", "2.8")]
    public async Task A_cleared_state_has_no_etag()
    {
        await Grain.Write("full");
        Assert.Null((await Grain.Clear()).Etag);
    }

    [Fact, Trait("Section", "2.8")]
    public async Task A_grain_whose_storage_does_not_exist_cannot_be_activated() =>
        await Assert.ThrowsAsync<BadProviderConfigException>(() => silos.Client.GetGrain<INoteGrain>(GrainId.Create("note.homeless", "x")).Look());

    [Fact, Trait("Section", "2.8")]
    public async Task What_a_storage_throws_arrives_inside_an_OrleansException_and_leaves_the_grain_alive()
    {
        var grain = silos.Client.GetGrain<INoteGrain>(GrainId.Create("note.broken", Unique.Key("broken")));
        var before = await grain.Look();

        await Assert.ThrowsAnyAsync<OrleansException>(() => grain.Write("lost"));

        Assert.Equal(before.Activation, (await grain.Look()).Activation);
    }
}

/// <summary>What holds for a database that keeps a cleared row.</summary>
public abstract class DatabaseStorageContract(ClusterFixture silos, string storage) : StorageContract(silos, storage)
{
    [Fact, Trait("Case", "39")]
    public async Task The_etag_counts_the_changes()
    {
        Assert.Equal("1", (await Grain.Write("one")).Etag);
        Assert.Equal("2", (await Grain.Write("two")).Etag);
        Assert.Equal("2", (await AfterReturn()).Etag);
        Assert.Equal("3", (await Grain.Clear()).Etag);
        Assert.Equal("3", (await AfterReturn()).Etag);
        Assert.Equal("4", (await Grain.Write("four")).Etag);
    }
}

/// <summary>What holds for a database that deletes a cleared row.</summary>
public abstract class DeletingStorageContract(ClusterFixture silos, string storage) : StorageContract(silos, storage)
{
    [Fact, Trait("Case", "42")]
    public async Task Clearing_deletes_the_row_and_the_etag_starts_again()
    {
        Assert.Equal("1", (await Grain.Write("one")).Etag);
        Assert.Null((await Grain.Clear()).Etag);
        Assert.Null((await AfterReturn()).Etag);
        Assert.Equal("1", (await Grain.Write("two")).Etag);
    }
}

[Collection(nameof(SqliteSilos)), Trait("Case", "66")]
public sealed class SqliteStorageTests(SqliteSilos silos) : DatabaseStorageContract(silos, "sqlite");

[Collection(nameof(SqliteSilos)), Trait("Case", "66")]
public sealed class DeletingSqliteStorageTests(SqliteSilos silos) : DeletingStorageContract(silos, "deleting");

[Collection(nameof(PostgreSqlSilos))]
public sealed class PostgreSqlStorageTests(PostgreSqlSilos silos) : DatabaseStorageContract(silos, "postgresql");

[Collection(nameof(PostgreSqlSilos))]
public sealed class DeletingPostgreSqlStorageTests(PostgreSqlSilos silos) : DeletingStorageContract(silos, "postgresql-deleting");
