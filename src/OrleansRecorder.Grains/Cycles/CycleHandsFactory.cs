using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansRecorder.Cycles;

/// <summary>Gives each activation of CycleGrain its hands.</summary>
internal sealed class CycleHandsFactory(
    IGrainFactory grains, CycleArchives archives, CycleConfig config, IOptions<CycleOptions> options, TimeProvider time, ILogger<CycleHands> logger)
{
    /// <summary>Hands whose answers go to <paramref name="tell"/>.</summary>
    public CycleHands Create(Action<Action<CycleMachine>> tell) => new(grains, archives, config, options.Value, time, logger, tell);
}
