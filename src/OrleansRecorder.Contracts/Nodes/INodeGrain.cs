using Orleans.Concurrency;

namespace OrleansRecorder.Nodes;

/// <summary>One recording node, keyed by its name and placed on it and nowhere else: what can be asked of a node beside its archive.</summary>
[Alias("recorder.INodeGrain")]
public interface INodeGrain : IGrainWithStringKey
{
    /// <summary>
    /// The node takes nothing new from now on; captures that would go on for longer than the node's grace period end as interrupted at once, so that
    /// another node goes on with them, and the others finish. Idempotent; lasts until <see cref="Undrain"/> or the process's end.
    /// </summary>
    [AlwaysInterleave, Alias("Drain")]
    Task<NodeReport> Drain();

    /// <summary>The node takes captures again. Idempotent.</summary>
    [AlwaysInterleave, Alias("Undrain")]
    Task<NodeReport> Undrain();
}
