namespace OrleansRecorder.Cycles;

/// <summary>A cycle that is over and not told to the end: some of its files are on disks that are away, a capture was given up that may still run, or some archive has not got its reports.</summary>
[GenerateSerializer, Alias("recorder.PastCycle")]
public sealed class PastCycle
{
    /// <summary>What came of it. The addresses of its tasks have no credentials any more: nothing of it is recorded again.</summary>
    [Id(0)] public CycleRun Run { get; set; } = new();

    /// <summary>The archives that do not have its reports as they are now.</summary>
    [Id(1)] public List<string> ReportsOwed { get; set; } = [];

    /// <summary>Its reports say all that is known from this <see cref="CycleMachine.Version"/> on; what was written of an earlier one is to be written again.</summary>
    [Id(2)] public long ReportsFrom { get; set; }

    /// <summary>Something of it is still to be done.</summary>
    public bool IsOwed() => ReportsOwed.Count > 0 || Run.HasUnknown();
}
