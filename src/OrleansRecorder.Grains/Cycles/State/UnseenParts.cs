namespace OrleansRecorder.Cycles;

/// <summary>Files of a task that are on a disk which is away, as far as is known.</summary>
/// <param name="Archive">The archive that has them.</param>
/// <param name="First">The lowest number that one may have.</param>
/// <param name="Last">The highest.</param>
/// <param name="Seconds">What is counted for them in the task's sum until they are seen.</param>
/// <param name="Bytes">Likewise.</param>
[GenerateSerializer, Alias("recorder.UnseenParts")]
public sealed record UnseenParts(string Archive, int First, int Last, double Seconds, long Bytes);
