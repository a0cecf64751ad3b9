using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansRecorder.Nodes;

namespace OrleansRecorder.Cycles;

/// <summary>Gives each activation of CycleGrain its hands.</summary>
internal sealed class CycleHandsFactory(
    IGrainFactory grains, CaptureNode node, CycleConfig config, IOptions<CycleOptions> options, TimeProvider time, ILogger<CycleHands> logger)
{
    /// <summary>Hands whose answers go to <paramref name="tell"/>.</summary>
    public CycleHands Create(Action<Action<CycleMachine>> tell) => new(grains, node, config, options.Value, time, logger, tell);
}
