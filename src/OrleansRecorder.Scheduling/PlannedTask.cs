namespace OrleansRecorder.Scheduling;

/// <summary>One stream's place in the plan.</summary>
/// <param name="Index">The stream's place in the configuration.</param>
/// <param name="Key">As in <see cref="StreamDemand"/>.</param>
/// <param name="AskedSeconds">What the stream asked for.</param>
/// <param name="PlannedSeconds">What it is to get, in whole milliseconds; 0 without a place.</param>
/// <param name="OffsetSeconds">Seconds from the cycle's start to its planned start; null without a place.</param>
public sealed record PlannedTask(int Index, string? Key, double AskedSeconds, double PlannedSeconds, double? OffsetSeconds)
{
    /// <summary>The camera host whose sessions are limited, <c>host:port</c>; null when there is none.</summary>
    public string? Server { get; init; }

    /// <summary>It has a place; without one it is started only when slots come free early.</summary>
    public bool HasPlace => OffsetSeconds is not null;

    /// <summary>It gets less than it asked for.</summary>
    public bool IsShortened => PlannedSeconds < AskedSeconds;
}
