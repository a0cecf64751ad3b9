using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>A timer's schedule.</summary>
public readonly struct GrainTimerCreationOptions
{
    /// <summary>To be filled in.</summary>
    public GrainTimerCreationOptions() { }

    /// <summary>Without interleaving, and not keeping the activation alive.</summary>
    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
    {
        DueTime = dueTime;
        Period = period;
    }

    /// <summary>Until the first tick; <see cref="Timeout.InfiniteTimeSpan"/> waits for <see cref="IGrainTimer.Change"/>.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>From the end of a tick to the next; <see cref="Timeout.InfiniteTimeSpan"/> for one tick only.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Ticks alternate with requests. Default: false.</summary>
    public bool Interleave { get; init; }

    /// <summary>Ticks count as use of the activation. Default: false.</summary>
    public bool KeepAlive { get; init; }
}
