namespace OrleansRecorder.Cycles;

/// <summary>Where a task stands; what its capture does meanwhile is progress, and not persisted.</summary>
[GenerateSerializer, Alias("recorder.TaskStage")]
public enum TaskStage
{
    /// <summary>Has no slot: not begun yet, or to be begun again after an interruption.</summary>
    Waiting = 0,

    /// <summary>Holds a slot: its capture was ordered, and its end is not known.</summary>
    Running = 1,

    /// <summary>Over.</summary>
    Ended = 2,
}
