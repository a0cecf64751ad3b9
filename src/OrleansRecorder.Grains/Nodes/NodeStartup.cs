using Microsoft.Extensions.Options;
using OrleansRecorder.Configuration;
using OrleansRecorder.Cycles;

namespace OrleansRecorder.Nodes;

/// <summary>
/// Runs when the silo has joined: has the node report itself, finishes what a crash left on its disk, then has the cycle go on. What fails here fails the
/// start of the process, with its reason.
/// </summary>
internal sealed class NodeStartup(IGrainFactory grains, NodeReporter reporter, NodeRecovery recovery, NodeSpace space, CycleConfig config) : IStartupTask
{
    /// <inheritdoc/>
    public async Task Execute(CancellationToken cancellationToken)
    {
        reporter.Begin();
        var current = await grains.GetGrain<IConfigGrain>(IConfigGrain.Key).Get();
        var outputDirectory = config.Read(current.Document).Settings.OutputDirectory;
        space.Watch(outputDirectory);
        await recovery.Of(outputDirectory).WaitAsync(cancellationToken);
        await grains.GetGrain<ICycleGrain>(ICycleGrain.Key).Resume();
    }
}
