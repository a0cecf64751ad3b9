namespace OrleansRecorder.Nodes;

/// <summary>How many captures a machine can carry when nobody has said it.</summary>
public static class NodeCapacity
{
    /// <summary>A capture of 4 Mb/s takes about 5 ms of CPU a second: 200 fill a core.</summary>
    private const int CapturesPerCore = 200;

    /// <summary>Twice what a capture was measured to take; half of the memory is left to everything else.</summary>
    private const long BytesPerCapture = 8L << 20;

    /// <summary>For this process, within the limits of its container.</summary>
    public static int Default { get; } = Of(Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>200 a core, but no more than half of the memory holds at 8 MiB each; at least 1.</summary>
    /// <param name="cores">At least 1.</param>
    /// <param name="memoryBytes">What the process may use.</param>
    public static int Of(int cores, long memoryBytes) => (int)Math.Clamp(Math.Min((long)cores * CapturesPerCore, memoryBytes / 2 / BytesPerCapture), 1, int.MaxValue);
}
