namespace OrleansRecorder.Cycles;

/// <summary>Which activation of CycleGrain is the last one. A state of its own, so that it can be read again without touching the cycle's.</summary>
[GenerateSerializer, Alias("recorder.CycleTermState")]
public sealed class CycleTermState
{
    /// <summary>One higher with each activation; 0 before the first.</summary>
    [Id(0)] public long Term { get; set; }

    /// <summary>The life of the silo that the activation is on: for people who look.</summary>
    [Id(1)] public string Life { get; set; } = "";
}
