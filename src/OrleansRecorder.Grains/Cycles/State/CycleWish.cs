namespace OrleansRecorder.Cycles;

/// <summary>What the operator wants of the scheduler. It is written before it is done, so that a start or stop happens wholly or not at all.</summary>
[GenerateSerializer, Alias("recorder.CycleWish")]
public enum CycleWish
{
    /// <summary>Nothing that is not done.</summary>
    None = 0,

    /// <summary>To start.</summary>
    Start = 1,

    /// <summary>To stop.</summary>
    Stop = 2,
}
