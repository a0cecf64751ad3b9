using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Net;
using Orleans.AdoNet;

namespace Orleans.Runtime;

/// <summary>Membership in the tables OrleansMembershipTable and OrleansMembershipVersionTable.</summary>
internal sealed class AdoNetMembershipTable(AdoNetStatements statements, string clusterId) : ISharedMembershipTable
{
    /// <summary>What silos and clients both ask for.</summary>
    public static readonly string[] Keys =
    [
        InsertVersionKey, InsertKey, UpdateKey, AliveKey, "MembershipReadRowKey", ReadAllKey, "DeleteMembershipTableEntriesKey", GatewaysKey, CleanupKey,
    ];

    private const string InsertVersionKey = "InsertMembershipVersionKey";
    private const string InsertKey = "InsertMembershipKey";
    private const string UpdateKey = "UpdateMembershipKey";
    private const string AliveKey = "UpdateIAmAlivetimeKey";
    private const string ReadAllKey = "MembershipReadAllKey";
    private const string GatewaysKey = "GatewaysQueryKey";
    private const string CleanupKey = "CleanupDefunctSiloEntriesKey";

    private readonly AdoNetParameter _cluster = new("DeploymentId", DbType.String, clusterId);

    public Task Initialize(CancellationToken cancellation) => statements.Ask(InsertVersionKey, [_cluster], cancellation);

    public async Task<MembershipTableData> ReadAll(CancellationToken cancellation)
    {
        var rows = await statements.Query(ReadAllKey, [_cluster], row => (Version: SiloColumns.Number(row, "Version"), Entry: ReadEntry(row)), cancellation).ConfigureAwait(false);
        if (rows.Count == 0) throw new OrleansException($"The cluster \"{clusterId}\" has no row in the membership's version table; it was deleted after the silo's start.");
        return new(rows[0].Version, [.. rows.Where(row => row.Entry is not null).Select(row => row.Entry!)]);
    }

    public Task<bool> Insert(MembershipEntry entry, long version, CancellationToken cancellation) => statements.Ask(
        InsertKey,
        [
            .. Key(entry.SiloAddress),
            new("SiloName", DbType.String, entry.SiloName),
            new("HostName", DbType.String, entry.HostName),
            new("Status", DbType.Int32, (int)entry.Status),
            new("ProxyPort", DbType.Int32, entry.ProxyPort),
            Time("StartTime", entry.StartTime),
            Time("IAmAliveTime", entry.IAmAliveTime),
            Version(version),
        ],
        cancellation);

    public Task<bool> Update(MembershipEntry entry, long version, CancellationToken cancellation) => statements.Ask(
        UpdateKey,
        [
            .. Key(entry.SiloAddress),
            new("Status", DbType.Int32, (int)entry.Status),
            new("SuspectTimes", DbType.String, SuspicionText.Write(entry.SuspectTimes)),
            Time("IAmAliveTime", entry.IAmAliveTime),
            Version(version),
        ],
        cancellation);

    public Task UpdateIAmAlive(SiloAddress silo, DateTime time, CancellationToken cancellation) =>
        statements.Run(AliveKey, [.. Key(silo), Time("IAmAliveTime", time)], cancellation);

    public async Task<IReadOnlyList<IPEndPoint>> ReadGateways(CancellationToken cancellation) => await statements.Query(
        GatewaysKey,
        [_cluster, new("Status", DbType.Int32, (int)SiloStatus.Active)],
        row => new IPEndPoint(IPAddress.Parse((string)row["Address"]), SiloColumns.Number(row, "ProxyPort")),
        cancellation).ConfigureAwait(false);

    public Task CleanupDefunct(DateTime before, CancellationToken cancellation) => statements.Run(CleanupKey, [_cluster, Time("IAmAliveTime", before)], cancellation);

    private AdoNetParameter[] Key(SiloAddress silo) => [_cluster, .. SiloColumns.Of(silo)];

    private static AdoNetParameter Version(long version) => new("Version", DbType.Int32, checked((int)version));

    private static AdoNetParameter Time(string name, DateTime time) => new(name, DbType.DateTime, time.ToUniversalTime());

    /// <summary>Null for the row of an empty table, which has a version only.</summary>
    private static MembershipEntry? ReadEntry(DbDataReader row)
    {
        if (row["StartTime"] is DBNull) return null;
        return new()
        {
            SiloAddress = SiloColumns.Read(row),
            Status = (SiloStatus)SiloColumns.Number(row, "Status"),
            SiloName = (string)row["SiloName"],
            HostName = (string)row["HostName"],
            ProxyPort = row["ProxyPort"] is DBNull ? 0 : SiloColumns.Number(row, "ProxyPort"),
            SuspectTimes = SuspicionText.Read(row["SuspectTimes"] as string),
            StartTime = Utc(row["StartTime"]),
            IAmAliveTime = Utc(row["IAmAliveTime"]),
        };
    }

    private static DateTime Utc(object value) => DateTime.SpecifyKind(Convert.ToDateTime(value, CultureInfo.InvariantCulture), DateTimeKind.Utc);
}
