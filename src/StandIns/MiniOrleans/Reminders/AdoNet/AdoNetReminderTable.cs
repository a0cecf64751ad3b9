using System.Data;
using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Options;
using Orleans.AdoNet;
using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>Reminders in the table OrleansRemindersTable.</summary>
internal sealed class AdoNetReminderTable : IReminderTable, IDisposable
{
    private const string UpsertKey = "UpsertReminderRowKey";
    private const string ReadGrainKey = "ReadReminderRowsKey";
    private const string ReadRangeKey = "ReadRangeRows1Key";
    private const string ReadWrappedRangeKey = "ReadRangeRows2Key";
    private const string DeleteKey = "DeleteReminderRowKey";

    private readonly AdoNetStatements _statements;
    private readonly AdoNetParameter _service;

    /// <exception cref="OrleansConfigurationException">The options do not name one database.</exception>
    public AdoNetReminderTable(IOptions<AdoNetReminderTableOptions> options, IOptions<ClusterOptions> cluster)
    {
        var database = AdoNetDatabase.Create("The ADO.NET reminder table", options.Value.Invariant, options.Value.ConnectionString, options.Value.DataSource, AdoNetSlots.Reminders);
        _statements = new(database, UpsertKey, ReadGrainKey, "ReadReminderRowKey", ReadRangeKey, ReadWrappedRangeKey, DeleteKey, "DeleteReminderRowsKey");
        _service = new("ServiceId", DbType.String, cluster.Value.ServiceId);
    }

    public async ValueTask<IReadOnlyList<ReminderRow>> ReadGrain(GrainId grain) =>
        await _statements.Query(ReadGrainKey, [_service, Name(grain)], Read, CancellationToken.None).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<ReminderRow>> ReadRange(uint begin, uint end)
    {
        // The column is a signed number, so the end of the ring as the database sees it lies between 2^31-1 and 2^31.
        var (from, to) = (unchecked((int)begin), unchecked((int)end));
        return await _statements.Query(
            from < to ? ReadRangeKey : ReadWrappedRangeKey,
            [_service, new("BeginHash", DbType.Int32, from), new("EndHash", DbType.Int32, to)],
            Read,
            CancellationToken.None).ConfigureAwait(false);
    }

    public async ValueTask<ReminderRow> Upsert(ReminderRow row)
    {
        var period = (long)row.Period.TotalMilliseconds;
        var versions = await _statements.Query(
            UpsertKey,
            [
                _service,
                Name(row.Grain),
                new("ReminderName", DbType.String, row.Name),
                new("StartTime", DbType.DateTime, row.FirstTick.ToUniversalTime()),
                period > int.MaxValue ? new("Period", DbType.Int64, period) : new("Period", DbType.Int32, (int)period),
                new("GrainHash", DbType.Int32, unchecked((int)row.Grain.GetUniformHashCode())),
            ],
            ETag,
            CancellationToken.None).ConfigureAwait(false);
        return row with { ETag = versions[0] };
    }

    public async ValueTask<bool> Remove(GrainId grain, string name, string etag) => await _statements.Ask(
        DeleteKey,
        [_service, Name(grain), new("ReminderName", DbType.String, name), new("Version", DbType.Int32, int.Parse(etag, CultureInfo.InvariantCulture))],
        CancellationToken.None).ConfigureAwait(false);

    public void Dispose() => _statements.Dispose();

    private static AdoNetParameter Name(GrainId grain) => new("GrainId", DbType.AnsiString, grain.ToString());

    private static ReminderRow Read(DbDataReader row) => new(
        GrainId.Parse((string)row["GrainId"]),
        (string)row["ReminderName"],
        DateTime.SpecifyKind(Convert.ToDateTime(row["StartTime"], CultureInfo.InvariantCulture), DateTimeKind.Utc),
        TimeSpan.FromMilliseconds(Convert.ToInt64(row["Period"], CultureInfo.InvariantCulture)),
        ETag(row));

    private static string ETag(DbDataReader row) => SiloColumns.Number(row, "Version").ToString(CultureInfo.InvariantCulture);
}
