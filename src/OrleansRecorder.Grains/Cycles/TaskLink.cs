using OrleansRecorder.Captures;

namespace OrleansRecorder.Cycles;

/// <summary>What is known of a running task beyond its durable state. Lost with the process, and found out again by asking.</summary>
internal sealed class TaskLink
{
    /// <summary>A call about it is under way.</summary>
    public bool IsCalling { get; set; }

    /// <summary>The attempt is the task's first: if it comes to nothing, the task is as if never begun.</summary>
    public bool IsFirst { get; init; }

    /// <summary>This activation ordered it, so that what is known of it is all that there is.</summary>
    public bool IsOurs { get; init; }

    /// <summary>Its stream took the order, or a node has spoken of it.</summary>
    public bool IsAccepted { get; set; }

    /// <summary>Why it was not begun when there was a slot for it; null when there was none.</summary>
    public LocalizedText? HeldBy { get; set; }

    /// <summary>When its capture was last known to run (UTC).</summary>
    public DateTimeOffset HeardAt { get; set; } = DateTimeOffset.MinValue;

    /// <summary>No call about it before this moment (UTC).</summary>
    public DateTimeOffset NotBefore { get; set; } = DateTimeOffset.MinValue;

    /// <summary>When it was last told to end (UTC).</summary>
    public DateTimeOffset ToldAt { get; set; } = DateTimeOffset.MinValue;

    /// <summary>Its capture is gone without a result; what it left is being looked for.</summary>
    public bool IsLost { get; set; }

    /// <summary>How often what it left was looked for in vain.</summary>
    public int PartsMissed { get; set; }

    /// <summary>How far its capture is.</summary>
    public CaptureProgress? Progress { get; set; }

    /// <summary>What the snapshot shows; null when that is to be made anew.</summary>
    public CycleTask? Shown { get; set; }
}
