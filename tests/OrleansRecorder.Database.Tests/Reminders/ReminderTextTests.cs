using System.Data;

namespace OrleansRecorder.Database.Tests.Reminders;

public sealed class ReminderTextTests(FarmServer farm) : FarmTest(farm)
{
    private static readonly DateTime Noon = Silos.Noon;

    [Fact]
    public async Task A_reminder_reads_as_it_was_written()
    {
        Assert.Equal(0, await Upsert("cycle/farm", "wake"));

        var row = Assert.Single(await Of("cycle/farm"));
        Assert.Equal(("cycle/farm", "wake", Noon, 60_000L, 0), ((string)row["GrainId"]!, (string)row["ReminderName"]!, (DateTime)row["StartTime"]!, (long)row["Period"]!, (int)row["Version"]!));
        Assert.Equal(row, Assert.Single(await One("cycle/farm", "wake")));
        Assert.Empty(await One("cycle/farm", "other"));
        Assert.Empty(await Of("cycle/other"));
    }

    [Fact]
    public async Task A_new_schedule_replaces_the_old_one_and_counts_the_version()
    {
        await Upsert("cycle/farm", "wake", hash: 5);
        Assert.Equal(1, await Upsert("cycle/farm", "wake", Noon.AddHours(1), period: 90_000, hash: 6));

        var row = Assert.Single(await Of("cycle/farm"));
        Assert.Equal((Noon.AddHours(1), 90_000L, 1), ((DateTime)row["StartTime"]!, (long)row["Period"]!, (int)row["Version"]!));
        Assert.Empty(await Range(4, 5));
        Assert.Single(await Range(5, 6));
    }

    [Fact]
    public async Task A_period_of_months_fits()
    {
        await Upsert("cycle/farm", "wake", period: 100L * 24 * 3600 * 1000);
        Assert.Equal(100L * 24 * 3600 * 1000, Assert.Single(await Of("cycle/farm"))["Period"]);
    }

    [Fact]
    public async Task Registrations_at_once_are_counted_one_by_one()
    {
        var versions = await AtOnce(8, _ => Upsert("cycle/farm", "wake"));
        Assert.Equal(Enumerable.Range(0, 8), versions.Order());
    }

    [Fact]
    public async Task A_reminder_goes_with_its_version_only()
    {
        await Upsert("cycle/farm", "wake");
        await Upsert("cycle/farm", "wake");

        Assert.False(await Delete("cycle/farm", "wake", 0));
        Assert.True(await Delete("cycle/farm", "wake", 1));
        Assert.False(await Delete("cycle/farm", "wake", 1));
        Assert.Empty(await Of("cycle/farm"));
    }

    [Theory]
    [InlineData(-10, 10, new[] { 0, 10 })]
    [InlineData(10, 20, new[] { 20 })]
    [InlineData(20, int.MaxValue, new[] { int.MaxValue })]
    [InlineData(int.MinValue, -10, new[] { -10 })]
    public async Task A_part_of_the_ring_has_what_is_behind_its_begin_up_to_its_end(int begin, int end, int[] expected)
    {
        await Ring();
        Assert.Equal(expected, await Hashes("ReadRangeRows1Key", begin, end));
    }

    [Theory]
    [InlineData(10, -10, new[] { int.MinValue, -10, 20, int.MaxValue })]
    [InlineData(20, int.MinValue, new[] { int.MinValue, int.MaxValue })]
    [InlineData(10, 10, new[] { int.MinValue, -10, 0, 10, 20, int.MaxValue })]
    public async Task A_part_that_goes_over_the_end_of_the_ring_has_both_sides(int begin, int end, int[] expected)
    {
        await Ring();
        Assert.Equal(expected, await Hashes("ReadRangeRows2Key", begin, end));
    }

    [Fact]
    public async Task Services_have_reminders_of_their_own_and_forget_only_those()
    {
        await Upsert("cycle/farm", "wake");
        await Upsert("cycle/farm", "wake", service: "other");

        await Texts.Rows("DeleteReminderRowsKey", Parameter.Text("ServiceId", "other"));

        Assert.Single(await Of("cycle/farm"));
        Assert.Equal(1, await Texts.Count("OrleansRemindersTable"));
    }

    private static Parameter Service => Parameter.Text("ServiceId", "recorder");

    private async Task Ring()
    {
        foreach (var hash in new[] { int.MinValue, -10, 0, 10, 20, int.MaxValue }) await Upsert($"cycle/{hash}", "wake", hash: hash);
    }

    private async Task<int[]> Hashes(string text, int begin, int end)
    {
        var rows = await Texts.Rows(text, Service, Parameter.Number("BeginHash", begin), Parameter.Number("EndHash", end));
        return [.. rows.Select(row => int.Parse(((string)row["GrainId"]!)["cycle/".Length..], System.Globalization.CultureInfo.InvariantCulture)).Order()];
    }

    private Task<List<Dictionary<string, object?>>> Range(int begin, int end) =>
        Texts.Rows("ReadRangeRows1Key", Service, Parameter.Number("BeginHash", begin), Parameter.Number("EndHash", end));

    private async Task<int> Upsert(string grain, string name, DateTime? start = null, long period = 60_000, int hash = 0, string service = "recorder")
    {
        var rows = await Texts.Rows(
            "UpsertReminderRowKey",
            Parameter.Text("ServiceId", service),
            new("GrainId", DbType.AnsiString, grain),
            Parameter.Text("ReminderName", name),
            Parameter.Time("StartTime", start ?? Noon),
            period > int.MaxValue ? new("Period", DbType.Int64, period) : Parameter.Number("Period", (int)period),
            Parameter.Number("GrainHash", hash));
        return (int)Assert.Single(rows)["Version"]!;
    }

    private Task<List<Dictionary<string, object?>>> Of(string grain) => Texts.Rows("ReadReminderRowsKey", Service, new Parameter("GrainId", DbType.AnsiString, grain));

    private Task<List<Dictionary<string, object?>>> One(string grain, string name) =>
        Texts.Rows("ReadReminderRowKey", Service, new Parameter("GrainId", DbType.AnsiString, grain), Parameter.Text("ReminderName", name));

    private Task<bool> Delete(string grain, string name, int version) =>
        Texts.Answer("DeleteReminderRowKey", Service, new("GrainId", DbType.AnsiString, grain), Parameter.Text("ReminderName", name), Parameter.Number("Version", version));
}
