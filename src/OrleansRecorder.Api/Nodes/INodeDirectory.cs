namespace OrleansRecorder.Api.Nodes;

/// <summary>Which nodes have an archive. On one machine a fixed name; on a farm whatever the cluster's membership says.</summary>
public interface INodeDirectory
{
    /// <summary>The names of all nodes, which are the keys of their <see cref="Archive.IArchiveGrain"/>.</summary>
    ValueTask<string[]> GetNames(CancellationToken cancellation);
}
