using System.Data;
using System.Globalization;

namespace OrleansRecorder.Database.Tests;

/// <summary>A silo as the statements name it.</summary>
public sealed record SiloKey(string Address, int Port, int Generation)
{
    public Parameter[] Parameters => [new("Address", DbType.AnsiString, Address), Parameter.Number("Port", Port), Parameter.Number("Generation", Generation)];

    public static SiloKey Of(Dictionary<string, object?> row) => new((string)row["Address"]!, (int)row["Port"]!, (int)row["Generation"]!);
}

/// <summary>The clustering statements by what they do.</summary>
public sealed class Silos(StoredTexts texts, string cluster = "farm")
{
    public const int Active = 3;
    public const int Dead = 6;

    /// <summary>A time that a database keeps exactly: it counts microseconds.</summary>
    public static readonly DateTime Noon = new DateTime(2026, 11, 22, 12, 0, 0, DateTimeKind.Utc).AddMicroseconds(123_456);

    private Parameter Cluster => Parameter.Text("DeploymentId", cluster);

    public Task<bool> Begin() => texts.Answer("InsertMembershipVersionKey", Cluster);

    public Task<bool> Insert(SiloKey silo, int version, int status = Active, int proxyPort = 30000, DateTime? at = null) => texts.Answer(
        "InsertMembershipKey",
        [
            Cluster, .. silo.Parameters, Parameter.Text("SiloName", $"node-{silo.Port}"), Parameter.Text("HostName", "host"), Parameter.Number("Status", status),
            Parameter.Number("ProxyPort", proxyPort), Parameter.Time("StartTime", at ?? Noon), Parameter.Time("IAmAliveTime", at ?? Noon), Parameter.Number("Version", version),
        ]);

    public Task<bool> Update(SiloKey silo, int version, int status, string? suspects = null, DateTime? at = null) => texts.Answer(
        "UpdateMembershipKey",
        [
            Cluster, .. silo.Parameters, Parameter.Number("Status", status), Parameter.Text("SuspectTimes", suspects), Parameter.Time("IAmAliveTime", at ?? Noon),
            Parameter.Number("Version", version),
        ]);

    public Task Alive(SiloKey silo, DateTime at) => texts.Rows("UpdateIAmAlivetimeKey", [Cluster, .. silo.Parameters, Parameter.Time("IAmAliveTime", at)]);

    public async Task<Dictionary<string, object?>> Read(SiloKey silo) => Assert.Single(await texts.Rows("MembershipReadRowKey", [Cluster, .. silo.Parameters]));

    public Task<List<Dictionary<string, object?>>> ReadAll() => texts.Rows("MembershipReadAllKey", Cluster);

    public async Task<int> Version() => Convert.ToInt32((await ReadAll())[0]["Version"], CultureInfo.InvariantCulture);

    public Task<List<Dictionary<string, object?>>> Gateways() => texts.Rows("GatewaysQueryKey", Cluster, Parameter.Number("Status", Active));

    public Task Cleanup(DateTime before) => texts.Rows("CleanupDefunctSiloEntriesKey", Cluster, Parameter.Time("IAmAliveTime", before));

    public Task CleanupOne(SiloKey silo, string? suspects, DateTime start, DateTime alive) => texts.Rows(
        "CleanupDefunctSiloEntryKey",
        [Cluster, .. silo.Parameters, Parameter.Text("SuspectTimes", suspects), Parameter.Time("StartTime", start), Parameter.Time("IAmAliveTime", alive)]);

    public Task Forget() => texts.Rows("DeleteMembershipTableEntriesKey", Cluster);

    /// <summary>Adds a silo whatever the version is.</summary>
    public async Task Add(SiloKey silo, int status = Active) => Assert.True(await Insert(silo, await Version(), status));

    /// <summary>Declares a silo dead whatever the version is.</summary>
    public async Task Bury(SiloKey silo) => Assert.True(await Update(silo, await Version(), Dead));
}
