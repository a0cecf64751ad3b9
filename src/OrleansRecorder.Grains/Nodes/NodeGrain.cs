using OrleansRecorder.Archive;

namespace OrleansRecorder.Nodes;

/// <summary>The grain's face of this node.</summary>
[GrainType("node"), NodePlacement]
internal sealed class NodeGrain(CaptureNode node) : Grain, INodeGrain
{
    /// <inheritdoc/>
    public Task<NodeReport> Drain()
    {
        node.Drain();
        return Task.FromResult(node.Report());
    }

    /// <inheritdoc/>
    public Task<NodeReport> Undrain()
    {
        node.Undrain();
        return Task.FromResult(node.Report());
    }

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        this.GetPrimaryKeyString() == node.Name ? Task.CompletedTask : throw new NodeUnavailableException(this.GetPrimaryKeyString());
}
