using System.Collections.Immutable;

namespace OrleansRecorder.Scheduling;

/// <summary>Who records when, and for how long.</summary>
/// <param name="Tasks">Every stream, in the order in which they start; those without a place last, the next to have one first.</param>
/// <param name="Limits">The limits that the plan keeps.</param>
public sealed record CyclePlan(ImmutableArray<PlannedTask> Tasks, CycleLimits Limits)
{
    /// <summary>Every stream gets its whole duration.</summary>
    public bool Fits => Tasks.All(task => !task.IsShortened);
}
