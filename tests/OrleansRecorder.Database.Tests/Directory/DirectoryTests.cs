namespace OrleansRecorder.Database.Tests.Directory;

/// <summary>A grain is with one silo, and only with one that lives.</summary>
public sealed class DirectoryTests(FarmServer farm) : FarmTest(farm)
{
    private const string Grain = "stream/rtsp://10.0.0.1:554/camera";
    private static readonly SiloKey One = new("10.0.0.1", 11111, 1);
    private static readonly SiloKey Other = new("10.0.0.2", 11111, 1);
    private static readonly SiloKey Stranger = new("10.0.0.3", 11111, 1);

    private Silos Silos => new(Texts);

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Silos.Begin();
        await Silos.Add(One);
        await Silos.Add(Other, status: 2);
    }

    [Fact]
    public async Task The_first_to_register_a_grain_has_it_and_who_comes_later_is_told()
    {
        Assert.Null(await Lookup());

        Assert.Equal(One, await Register(One));
        Assert.Equal(One, await Register(Other));
        Assert.Equal(One, await Register(One));
        Assert.Equal(One, await Lookup());
    }

    [Fact]
    public async Task Silos_that_register_a_grain_at_once_are_all_told_the_same()
    {
        for (var round = 0; round < 20; round++)
        {
            var grain = $"{Grain}/{round}";
            var told = await AtOnce(8, n => Register(n % 2 == 0 ? One : Other, grain));
            Assert.Equal(await Lookup(grain), Assert.Single(told.Distinct()));
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Who_registers_while_another_does_waits_for_the_others_end(bool otherSucceeds)
    {
        await using var connection = await Texts.Source.OpenConnectionAsync();
        await using var others = await connection.BeginTransactionAsync();
        await Texts.Rows(connection, "MiniDirectoryRegisterKey", [Cluster, Name(Grain), .. Other.Parameters]);

        var mine = Register(One);
        await Texts.SomebodyWaits();
        if (otherSucceeds) await others.CommitAsync();
        else await others.RollbackAsync();

        Assert.Equal(otherSucceeds ? Other : One, await mine);
    }

    [Fact]
    public async Task A_dead_silos_registration_counts_no_more()
    {
        await Register(One);
        await Silos.Bury(One);

        Assert.Null(await Lookup());
        Assert.Equal(Other, await Register(Other));
        Assert.Equal(Other, await Lookup());
    }

    [Fact]
    public async Task Of_silos_that_replace_a_dead_one_at_once_one_succeeds()
    {
        var third = Stranger with { Port = 1 };
        await Silos.Add(third);
        for (var round = 0; round < 20; round++) await Register(One, $"{Grain}/{round}");
        await Silos.Bury(One);

        for (var round = 0; round < 20; round++)
        {
            var told = await AtOnce(8, n => Register(n % 2 == 0 ? Other : third, $"{Grain}/{round}"));
            Assert.NotEqual(One, Assert.Single(told.Distinct()));
        }
    }

    [Fact]
    public async Task A_dead_silo_registers_nothing_not_even_what_it_had()
    {
        await Register(One);
        await Silos.Bury(One);

        Assert.Null(await Register(One));
        Assert.Null(await Register(One, "stream/another"));
        Assert.Null(await Lookup("stream/another"));
    }

    [Fact]
    public async Task A_silo_that_the_members_do_not_know_registers_nothing()
    {
        Assert.Null(await Register(Stranger));
        Assert.Null(await Register(One with { Generation = 2 }));
    }

    [Fact]
    public async Task A_registration_of_a_silo_that_was_cleaned_away_counts_no_more()
    {
        await Register(One);
        await Silos.Bury(One);
        await Silos.Cleanup(DateTime.UtcNow.AddYears(10));

        Assert.Null(await Lookup());
        Assert.Equal(Other, await Register(Other));
    }

    [Fact]
    public async Task A_silo_takes_back_its_own_registration_only()
    {
        await Register(One);

        await Unregister(Other);
        await Unregister(One with { Generation = 2 });
        Assert.Equal(One, await Lookup());

        await Unregister(One);
        Assert.Null(await Lookup());
        Assert.Equal(0, await Texts.Count("MiniDirectory"));
    }

    [Fact]
    public async Task All_that_a_silo_had_can_be_taken_back_by_several_at_once()
    {
        for (var n = 0; n < 300; n++) await Register(n % 3 == 0 ? Other : One, $"{Grain}/{n}");
        await Silos.Bury(One);

        var replaced = await AtOnce(9, async n =>
        {
            if (n < 4) await Texts.Rows("MiniDirectoryUnregisterSiloKey", [Cluster, .. One.Parameters]);
            else for (var i = n; i < 300; i += 9) await Register(Other, $"{Grain}/{i}");
            return true;
        });

        Assert.All(replaced, Assert.True);
        for (var i = 0; i < 300; i++) Assert.True(await Lookup($"{Grain}/{i}") is null || await Lookup($"{Grain}/{i}") == Other);
        for (var i = 5; i < 300; i += 9) Assert.Equal(Other, await Lookup($"{Grain}/{i}"));
        for (var i = 0; i < 300; i += 3) Assert.Equal(Other, await Lookup($"{Grain}/{i}"));
    }

    [Fact]
    public async Task The_longest_camera_url_names_a_grain_like_any_other()
    {
        var (one, other) = ($"stream/{LongUrl.Of('摄')}", $"stream/{LongUrl.Of('像')}");

        Assert.Equal(One, await Register(One, one));
        Assert.Equal(Other, await Register(Other, other));
        Assert.Equal(One, await Lookup(one));
        await Unregister(One, one);
        Assert.Null(await Lookup(one));
        await Texts.Rows("MiniDirectoryUnregisterSiloKey", [Cluster, .. Other.Parameters]);
        Assert.Null(await Lookup(other));
    }

    [Fact]
    public async Task Clusters_have_directories_of_their_own()
    {
        await Register(One);
        Assert.Empty(await Texts.Rows("MiniDirectoryLookupKey", Parameter.Text("ClusterId", "neighbour"), Name(Grain)));
        Assert.Empty(await Texts.Rows("MiniDirectoryRegisterKey", [Parameter.Text("ClusterId", "neighbour"), Name(Grain), .. Other.Parameters]));
    }

    private static Parameter Cluster => Parameter.Text("ClusterId", "farm");

    private static Parameter Name(string grain) => Parameter.Text("GrainId", grain);

    private async Task<SiloKey?> Lookup(string grain = Grain) => TheOne(await Texts.Rows("MiniDirectoryLookupKey", Cluster, Name(grain)));

    private async Task<SiloKey?> Register(SiloKey silo, string grain = Grain) => TheOne(await Texts.Rows("MiniDirectoryRegisterKey", [Cluster, Name(grain), .. silo.Parameters]));

    private Task Unregister(SiloKey silo, string grain = Grain) => Texts.Rows("MiniDirectoryUnregisterKey", [Cluster, Name(grain), .. silo.Parameters]);

    private static SiloKey? TheOne(List<Dictionary<string, object?>> rows) => rows.Count == 0 ? null : SiloKey.Of(Assert.Single(rows));
}
