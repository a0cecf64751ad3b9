using System.Data;
using System.Globalization;
using System.Text;

namespace OrleansRecorder.Database.Tests.Persistence;

/// <summary>A write succeeds on the version that it names, and only on that.</summary>
public sealed class StorageTextTests(FarmServer farm) : FarmTest(farm)
{
    /// <summary>A row's key; the defaults are a string key's.</summary>
    private sealed record Key(string? Extension = "cycle:farm", int Hash = 1, long N0 = 0, long N1 = 0, int TypeHash = 2, string Type = "cycle", string Service = "recorder");

    private static readonly Key Farm = new();

    [Fact]
    public async Task What_was_never_written_reads_as_no_row() => Assert.Null(await Read(Farm));

    [Fact]
    public async Task Versions_begin_at_one_and_count_every_change()
    {
        Assert.Equal(1, await Write(Farm, null, "one"));
        Assert.Equal(2, await Write(Farm, 1, "two"));
        Assert.Equal(("two", 2), await Read(Farm));
        Assert.Equal(3, await Change("ClearStorageKey", Farm, 2));
        Assert.Equal((null, 3), await Read(Farm));
        Assert.Equal(4, await Write(Farm, 3, "four"));
        Assert.Equal(5, await Change("DeleteStorageKey", Farm, 4));
        Assert.Null(await Read(Farm));
        Assert.Equal(1, await Write(Farm, null, "again"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_change_on_another_version_changes_nothing(int? version)
    {
        await Write(Farm, null, "one");
        await Write(Farm, 1, "two");

        Assert.Null(await Write(Farm, version, "late"));
        Assert.Null(await Change("ClearStorageKey", Farm, version));
        Assert.Null(await Change("DeleteStorageKey", Farm, version));

        Assert.Equal(("two", 2), await Read(Farm));
    }

    [Fact]
    public async Task A_write_with_a_version_makes_no_row()
    {
        Assert.Null(await Write(Farm, 1, "lost"));
        Assert.Null(await Change("ClearStorageKey", Farm, 1));
        Assert.Null(await Change("DeleteStorageKey", Farm, 1));
        Assert.Equal(0, await Texts.Count("OrleansStorage"));
    }

    [Theory]
    [InlineData("cycle:farm")]
    [InlineData(null)]
    public async Task Of_first_writes_at_once_exactly_one_succeeds_with_and_without_an_extension(string? extension)
    {
        for (var round = 0; round < 10; round++)
        {
            var key = Farm with { Extension = extension, N1 = round };
            var versions = await AtOnce(8, n => Write(key, null, $"{n}"));

            var winner = Assert.Single(Enumerable.Range(0, 8), n => versions[n] is not null);
            Assert.Equal(1, versions[winner]);
            Assert.Equal(($"{winner}", 1), await Read(key));
        }
    }

    [Fact]
    public async Task Of_writes_on_one_version_exactly_one_succeeds()
    {
        await Write(Farm, null, "start");
        for (var version = 1; version < 11; version++)
        {
            var versions = await AtOnce(8, n => n switch
            {
                0 => Change("ClearStorageKey", Farm, version),
                _ => Write(Farm, version, $"{n}"),
            });

            Assert.Equal(version + 1, Assert.Single(versions, it => it is not null));
        }
    }

    [Fact]
    public async Task A_first_write_waits_for_one_that_is_under_way_and_sees_its_end()
    {
        await using var connection = await Texts.Source.OpenConnectionAsync();
        await using var others = await connection.BeginTransactionAsync();
        await Texts.Rows(connection, "WriteToStorageKey", [.. Parameters(Farm), Parameter.Number("GrainStateVersion", null), Payload("theirs")]);

        var mine = Write(Farm, null, "mine");
        await Texts.SomebodyWaits();
        await others.RollbackAsync();

        Assert.Equal(1, await mine);
        Assert.Equal(("mine", 1), await Read(Farm));
    }

    [Fact]
    public async Task Every_column_of_the_key_tells_rows_apart()
    {
        Key[] keys =
        [
            Farm, Farm with { Extension = null }, Farm with { Extension = "" }, Farm with { Hash = 7 }, Farm with { N0 = 7 }, Farm with { N1 = 7 }, Farm with { TypeHash = 7 },
            Farm with { Type = "other" }, Farm with { Service = "other" },
        ];

        for (var n = 0; n < keys.Length; n++) Assert.Equal(1, await Write(keys[n], null, $"{n}"));
        for (var n = 0; n < keys.Length; n++) Assert.Equal(($"{n}", 1), await Read(keys[n]));
        for (var n = 0; n < keys.Length; n++) Assert.Equal(2, await Change("DeleteStorageKey", keys[n], 1));
        Assert.Equal(0, await Texts.Count("OrleansStorage"));
    }

    [Fact]
    public async Task The_longest_camera_url_is_a_key_like_any_other()
    {
        var one = Farm with { Extension = LongUrl.Of('摄') };
        var other = Farm with { Extension = LongUrl.Of('像') };

        Assert.Equal(1, await Write(one, null, "one"));
        Assert.Equal(1, await Write(other, null, "other"));
        Assert.Null(await Write(one, null, "late"));
        Assert.Equal(("one", 1), await Read(one));
    }

    private async Task<(string? Payload, int Version)?> Read(Key key)
    {
        var rows = await Texts.Rows("ReadFromStorageKey", Parameters(key));
        if (rows.Count == 0) return null;
        var row = Assert.Single(rows);
        return (row["PayloadBinary"] is byte[] payload ? Encoding.UTF8.GetString(payload) : null, (int)row["Version"]!);
    }

    private async Task<int?> Write(Key key, int? version, string payload)
    {
        var rows = await Texts.Rows("WriteToStorageKey", [.. Parameters(key), Parameter.Number("GrainStateVersion", version), Payload(payload)]);
        return rows.Count == 0 ? null : (int)Assert.Single(rows)["NewGrainStateVersion"]!;
    }

    /// <summary>Clears or deletes; the new version is in the first column.</summary>
    private async Task<int?> Change(string text, Key key, int? version)
    {
        var rows = await Texts.Rows(text, [.. Parameters(key), Parameter.Number("GrainStateVersion", version)]);
        return rows.Count == 0 ? null : (int)Assert.Single(rows).First().Value!;
    }

    private static Parameter Payload(string text) => new("PayloadBinary", DbType.Binary, Encoding.UTF8.GetBytes(text));

    private static Parameter[] Parameters(Key key) =>
    [
        Parameter.Number("GrainIdHash", key.Hash), new("GrainIdN0", DbType.Int64, key.N0), new("GrainIdN1", DbType.Int64, key.N1), Parameter.Number("GrainTypeHash", key.TypeHash),
        Parameter.Text("GrainTypeString", key.Type), Parameter.Text("GrainIdExtensionString", key.Extension), Parameter.Text("ServiceId", key.Service),
    ];
}
