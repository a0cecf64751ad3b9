using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansRecorder.Api.Requests;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Api.Nodes;

/// <summary>
/// Which archives there are, as CycleGrain knows the nodes: asked once a second at most, and used as last known while it does not answer.
/// <see cref="ApiOptions.NodeNames"/> stand in until it has named any.
/// </summary>
internal sealed class NodeDirectory(Cluster cluster, IOptions<ApiOptions> options, TimeProvider time, ILogger<NodeDirectory> logger)
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);

    private readonly LastKnown<NodeStatus[]> _nodes = new("the nodes", () => cluster.Idempotent(c => c.Cycle().GetNodes()), FreshFor, time, logger);

    /// <summary>Each archive once, by key. Throws what the cluster threw while nothing at all is known.</summary>
    public async ValueTask<KnownArchive[]> GetArchives(CancellationToken cancellation)
    {
        var (nodes, isStale) = await Nodes(cancellation);
        if (nodes.Length == 0) return [.. options.Value.NodeNames.Select(name => new KnownArchive(name, [name], IsAway: false))];

        // Who was dead when the cluster last answered may live again.
        return [.. nodes
            .GroupBy(node => node.Archive, StringComparer.Ordinal)
            .Select(archive => new KnownArchive(
                archive.Key, [.. archive.Select(node => node.Name)], !isStale && archive.All(node => node.Condition == NodeCondition.Dead)))
            .OrderBy(archive => archive.Key, StringComparer.Ordinal)];
    }

    private async ValueTask<(NodeStatus[] Nodes, bool IsStale)> Nodes(CancellationToken cancellation)
    {
        try
        {
            return await _nodes.Get(cancellation);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException && options.Value.NodeNames.Length > 0)
        {
            // The host knows nodes of its own, and their archives may answer all the same.
            return ([], true);
        }
    }
}
