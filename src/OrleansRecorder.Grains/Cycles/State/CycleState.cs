namespace OrleansRecorder.Cycles;

/// <summary>
/// What CycleGrain persists: transitions only, never progress. Everything in it is true before anything that follows from it is done,
/// so that whoever reads it after a crash knows at least as much as the one who crashed had acted on.
/// </summary>
[GenerateSerializer, Alias("recorder.CycleState")]
public sealed class CycleState
{
    /// <summary>Where the scheduler stands.</summary>
    [Id(0)] public CyclePhase Phase { get; set; }

    /// <summary>When the scheduler was last started (UTC).</summary>
    [Id(1)] public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When it stopped (UTC); null while it runs.</summary>
    [Id(2)] public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Cycles done since the scheduler was started; <c>poll_cycles</c> bounds it.</summary>
    [Id(3)] public int CyclesDone { get; set; }

    /// <summary>When the next cycle starts (UTC), in the pause between two.</summary>
    [Id(4)] public DateTimeOffset? NextCycleAt { get; set; }

    /// <summary>The cycle that runs, or the last one; null before the first.</summary>
    [Id(5)] public CycleRun? Run { get; set; }

    /// <summary>The reports of <see cref="Run"/> are still to be written, or to be written again.</summary>
    [Id(6)] public bool ReportDue { get; set; }

    /// <summary>Streams that were not begun in the last cycle: they come first in the next.</summary>
    [Id(7)] public List<WaitingStream> Waiting { get; set; } = [];

    /// <summary>Captures that did not end in time and may still run: each holds a slot until its stream says that it does not.</summary>
    [Id(8)] public List<LingeringCapture> Lingering { get; set; } = [];

    /// <summary>When this was last written (UTC): the scheduler was alive then.</summary>
    [Id(9)] public DateTimeOffset SavedAt { get; set; }

    /// <summary>The nodes that have been heard of, until they are forgotten. Written when one is new, or begins a new life; never for a report.</summary>
    [Id(10)] public List<KnownNode> Nodes { get; set; } = [];

    /// <summary>A start or stop that was asked for and is not done.</summary>
    [Id(11)] public CycleWish Wish { get; set; }

    /// <summary>The archives that do not have the reports of <see cref="Run"/> as they are now. Those that are away get them when they are back.</summary>
    [Id(12)] public List<string> ReportsOwed { get; set; } = [];

    /// <summary>Cycles before <see cref="Run"/> of which something is still to be told, the oldest first; few, and each for so many cycles only.</summary>
    [Id(13)] public List<PastCycle> Past { get; set; } = [];
}
