namespace OrleansRecorder.Database.Tests.Clustering;

/// <summary>Who writes on an old version, or too late, changes nothing.</summary>
public sealed class MembershipWriteTests(FarmServer farm) : FarmTest(farm)
{
    private static readonly SiloKey One = new("10.0.0.1", 11111, 1);
    private static readonly SiloKey Other = new("10.0.0.2", 11111, 1);

    private Silos Silos => new(Texts);

    [Fact]
    public async Task Of_silos_that_begin_a_cluster_at_once_exactly_one_makes_the_version_row()
    {
        var made = await AtOnce(16, _ => Silos.Begin());

        Assert.Single(made, it => it);
        Assert.Equal(0, await Silos.Version());
        Assert.False(await Silos.Begin());
    }

    [Fact]
    public async Task An_insert_counts_the_version_and_one_on_an_old_version_changes_nothing()
    {
        await Silos.Begin();

        Assert.True(await Silos.Insert(One, version: 0));
        Assert.False(await Silos.Insert(Other, version: 0));
        Assert.False(await Silos.Insert(Other, version: 2));

        Assert.Equal(1, await Silos.Version());
        Assert.Single(await Silos.ReadAll());
    }

    [Fact]
    public async Task A_silo_that_is_there_is_not_inserted_again()
    {
        await Silos.Begin();
        await Silos.Insert(One, version: 0);

        Assert.False(await Silos.Insert(One, version: 1));
        Assert.Equal(1, await Silos.Version());
        Assert.True(await Silos.Insert(One with { Generation = 2 }, version: 1));
    }

    [Fact]
    public async Task Nothing_is_inserted_into_a_cluster_without_a_version_row()
    {
        Assert.False(await Silos.Insert(One, version: 0));
        Assert.Equal(0, await Texts.Count("OrleansMembershipTable"));
    }

    [Fact]
    public async Task Of_inserts_on_one_version_exactly_one_succeeds()
    {
        await Silos.Begin();
        for (var version = 0; version < 10; version++)
        {
            var inserted = await AtOnce(8, n => Silos.Insert(new("10.0.0.1", n, version), version));

            Assert.Single(inserted, it => it);
            Assert.Equal(version + 1, await Silos.Version());
            Assert.Equal(version + 1, (await Silos.ReadAll()).Count);
        }
    }

    [Fact]
    public async Task Of_inserts_of_one_silo_on_one_version_exactly_one_succeeds_and_none_fails()
    {
        await Silos.Begin();
        var inserted = await AtOnce(16, _ => Silos.Insert(One, version: 0));

        Assert.Single(inserted, it => it);
        Assert.Equal(1, await Silos.Version());
    }

    [Fact]
    public async Task An_update_sets_status_suspicions_and_time_and_counts_the_version()
    {
        await Silos.Begin();
        await Silos.Insert(One, version: 0);
        var later = Silos.Noon.AddSeconds(5);

        Assert.True(await Silos.Update(One, version: 1, Silos.Dead, "10.0.0.2:11111@1,2026-11-22 12:00:00.000 GMT", later));

        var row = await Silos.Read(One);
        Assert.Equal(Silos.Dead, row["Status"]);
        Assert.Equal("10.0.0.2:11111@1,2026-11-22 12:00:00.000 GMT", row["SuspectTimes"]);
        Assert.Equal(later, row["IAmAliveTime"]);
        Assert.Equal(Silos.Noon, row["StartTime"]);
        Assert.Equal(2, row["Version"]);
        Assert.True(await Silos.Update(One, version: 2, Silos.Dead, suspects: null));
        Assert.Null((await Silos.Read(One))["SuspectTimes"]);
    }

    [Fact]
    public async Task An_update_on_an_old_version_or_of_a_silo_that_is_not_there_changes_nothing()
    {
        await Silos.Begin();
        await Silos.Insert(One, version: 0);

        Assert.False(await Silos.Update(One, version: 0, Silos.Dead));
        Assert.False(await Silos.Update(Other, version: 1, Silos.Dead));

        Assert.Equal(1, await Silos.Version());
        Assert.Equal(Silos.Active, (await Silos.Read(One))["Status"]);
    }

    [Fact]
    public async Task Of_updates_and_inserts_on_one_version_exactly_one_succeeds()
    {
        await Silos.Begin();
        await Silos.Insert(One, version: 0);
        await Silos.Insert(Other, version: 1);
        for (var version = 2; version < 12; version++)
        {
            var written = await AtOnce(9, n => (n % 3) switch
            {
                0 => Silos.Update(One, version, Silos.Active),
                1 => Silos.Update(Other, version, Silos.Active),
                _ => Silos.Insert(new("10.0.0.3", n, version), version),
            });

            Assert.Single(written, it => it);
            Assert.Equal(version + 1, await Silos.Version());
        }
    }

    [Fact]
    public async Task A_sign_of_life_sets_its_time_and_leaves_the_version()
    {
        await Silos.Begin();
        await Silos.Insert(One, version: 0);

        await Silos.Alive(One, Silos.Noon.AddMinutes(1));

        var row = await Silos.Read(One);
        Assert.Equal(Silos.Noon.AddMinutes(1), row["IAmAliveTime"]);
        Assert.Equal(1, row["Version"]);
    }

    [Fact]
    public async Task Signs_of_life_make_no_update_fail()
    {
        await Silos.Begin();
        await Silos.Insert(One, version: 0);

        var results = await AtOnce(8, async n =>
        {
            for (var i = 0; i < 50; i++)
            {
                if (n > 0) await Silos.Alive(One, Silos.Noon.AddSeconds(i));
                else if (!await Silos.Update(One, version: i + 1, Silos.Active)) return false;
            }

            return true;
        });

        Assert.All(results, Assert.True);
        Assert.Equal(51, await Silos.Version());
    }

    [Fact]
    public async Task An_update_of_a_silo_that_is_cleaned_away_meanwhile_leaves_the_version()
    {
        await Silos.Begin();
        await Silos.Insert(One, version: 0);
        await using var connection = await Texts.Source.OpenConnectionAsync();
        await using var cleaning = await connection.BeginTransactionAsync();
        await using (var delete = connection.CreateCommand())
        {
            delete.CommandText = "DELETE FROM OrleansMembershipTable";
            await delete.ExecuteNonQueryAsync();
        }

        var update = Silos.Update(One, version: 1, Silos.Dead);
        await Texts.SomebodyWaits();
        await cleaning.CommitAsync();

        Assert.False(await update);
        Assert.Equal(1, await Silos.Version());
    }
}
