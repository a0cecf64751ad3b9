namespace OrleansRecorder.Cycles;

/// <summary>Where the scheduler stands.</summary>
[GenerateSerializer, Alias("recorder.CyclePhase")]
public enum CyclePhase
{
    /// <summary>It does not run.</summary>
    Idle = 0,

    /// <summary>A cycle is about to begin: its configuration is read and its directory reserved.</summary>
    Opening = 1,

    /// <summary>A cycle runs.</summary>
    Running = 2,

    /// <summary>The operator has stopped it: captures are ending.</summary>
    Stopping = 3,

    /// <summary>Between two cycles.</summary>
    Pausing = 4,
}
