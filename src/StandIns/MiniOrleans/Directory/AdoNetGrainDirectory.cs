using System.Data;
using Orleans.AdoNet;

namespace Orleans.Runtime;

/// <summary>
/// The grain directory in the table MiniDirectory. A registration counts as long as its silo is neither dead in the membership table nor gone
/// from it; the database decides that together with the change, so that a silo that does not know of its death yet can register nothing.
/// </summary>
internal sealed class AdoNetGrainDirectory(AdoNetStatements statements, string clusterId) : IGrainDirectory
{
    /// <summary>What only this engine asks for.</summary>
    public static readonly string[] Keys = [LookupKey, RegisterKey, UnregisterKey, UnregisterSiloKey];

    private const string LookupKey = "MiniDirectoryLookupKey";
    private const string RegisterKey = "MiniDirectoryRegisterKey";
    private const string UnregisterKey = "MiniDirectoryUnregisterKey";
    private const string UnregisterSiloKey = "MiniDirectoryUnregisterSiloKey";

    private readonly AdoNetParameter _cluster = new("ClusterId", DbType.String, clusterId);

    public async ValueTask<SiloAddress?> Lookup(GrainId grain)
    {
        var rows = await statements.Query(LookupKey, [_cluster, Name(grain)], SiloColumns.Read, CancellationToken.None).ConfigureAwait(false);
        return rows.SingleOrDefault();
    }

    /// <exception cref="SiloUnavailableException">The silo is dead, or no member, and can have no grains.</exception>
    public async ValueTask<SiloAddress> Register(GrainId grain, SiloAddress silo)
    {
        var rows = await statements.Query(RegisterKey, [_cluster, Name(grain), .. SiloColumns.Of(silo)], SiloColumns.Read, CancellationToken.None).ConfigureAwait(false);
        return rows.SingleOrDefault() ?? throw new SiloUnavailableException($"{grain} cannot be registered with the silo {silo}: the membership table has it as dead, or not at all.");
    }

    public async ValueTask Unregister(GrainId grain, SiloAddress silo) =>
        await statements.Run(UnregisterKey, [_cluster, Name(grain), .. SiloColumns.Of(silo)], CancellationToken.None).ConfigureAwait(false);

    public async ValueTask UnregisterSilo(SiloAddress silo) =>
        await statements.Run(UnregisterSiloKey, [_cluster, .. SiloColumns.Of(silo)], CancellationToken.None).ConfigureAwait(false);

    private static AdoNetParameter Name(GrainId grain) => new("GrainId", DbType.String, grain.ToString());
}
