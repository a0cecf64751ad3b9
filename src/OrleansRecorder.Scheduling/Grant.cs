namespace OrleansRecorder.Scheduling;

/// <summary>The time in a slot that a claim gets.</summary>
internal readonly record struct Grant(Claim Claim, long DurationMs);
