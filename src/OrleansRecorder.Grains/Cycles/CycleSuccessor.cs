using Microsoft.Extensions.Logging;

namespace OrleansRecorder.Cycles;

/// <summary>
/// Has a new activation of CycleGrain take over from one that could not go on. Without it the cycle would stand still until somebody asks
/// for it, or until the reminder.
/// </summary>
internal sealed partial class CycleSuccessor(IGrainFactory grains, TimeProvider time, ILogger<CycleSuccessor> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LastPause = TimeSpan.FromSeconds(32);

    /// <summary>Calls the new activation, with growing pauses for about a minute; the reminder is there for what lasts longer. Returns at once.</summary>
    public void WakeUp() => _ = Task.Run(async () =>
    {
        for (var pause = FirstPause; pause <= LastPause; pause *= 2)
        {
            await Task.Delay(pause, time);
            try
            {
                await grains.GetGrain<ICycleGrain>(ICycleGrain.Key).Resume();
                return;
            }
            catch (Exception exception)
            {
                LogNoSuccessor(exception, pause);
            }
        }
    });

    [LoggerMessage(1201, LogLevel.Warning, "The new activation of the cycle does not answer after {Pause}.")]
    private partial void LogNoSuccessor(Exception exception, TimeSpan pause);
}
