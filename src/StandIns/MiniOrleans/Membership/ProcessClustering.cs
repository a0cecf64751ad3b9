using System.Collections.Concurrent;
using System.Net;

namespace Orleans.Runtime;

/// <summary>Finds clusters among the silos of this process: by the endpoint of the primary silo, or the one that it is given.</summary>
internal sealed class ProcessClustering : IClustering
{
    private static readonly ConcurrentDictionary<(string ClusterId, IPEndPoint Primary), InProcessCluster> Clusters = new();
    private readonly IPEndPoint? _primary;
    private readonly InProcessCluster? _cluster;

    public ProcessClustering(IPEndPoint primary) => _primary = primary;

    public ProcessClustering(InProcessCluster cluster) => _cluster = cluster;

    public ICluster Join(string clusterId, SiloAddress silo)
    {
        if (_cluster is not null) return _cluster;
        foreach (var entry in Clusters)
        {
            if (entry.Value.IsAbandoned) Clusters.TryRemove(entry);
        }

        var key = (clusterId, _primary!);
        if (Clusters.TryGetValue(key, out var known)) return known;
        if (!silo.Endpoint.Equals(_primary))
            throw new OrleansConfigurationException($"The primary silo {_primary} of the cluster \"{clusterId}\" does not run in this process. This engine's localhost clustering is for the silos of one process.");
        return Clusters.GetOrAdd(key, _ => new InProcessCluster());
    }
}
