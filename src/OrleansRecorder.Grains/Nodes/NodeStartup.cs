using Microsoft.Extensions.Options;
using OrleansRecorder.Configuration;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Nodes;

/// <summary>
/// Runs when the silo has joined: finishes what a crash left on this node's disk, then has the cycle go on. What fails here fails the
/// start of the process, with its reason.
/// </summary>
internal sealed class NodeStartup(IGrainFactory grains, NodeRecovery recovery, CycleConfig config) : IStartupTask
{
    /// <inheritdoc/>
    public async Task Execute(CancellationToken cancellationToken)
    {
        var current = await grains.GetGrain<IConfigGrain>(IConfigGrain.Key).Get();
        await recovery.Of(config.Read(current.Document).Settings.OutputDirectory).WaitAsync(cancellationToken);
        await grains.GetGrain<ICycleGrain>(ICycleGrain.Key).Resume();
    }
}
