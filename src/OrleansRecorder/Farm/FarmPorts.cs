namespace OrleansRecorder.Farm;

/// <summary>The ports of a farm's processes, all on loopback and free when they were chosen.</summary>
internal sealed record FarmPorts(int Database, (int Silo, int Gateway, int Health)[] Silos, int[] Apis)
{
    /// <summary>Chooses them.</summary>
    public static FarmPorts Find(int silos, int apis)
    {
        var free = FreePorts.Find(1 + (3 * silos) + apis);
        return new FarmPorts(
            free[0],
            [.. Enumerable.Range(0, silos).Select(i => (free[1 + (3 * i)], free[2 + (3 * i)], free[3 + (3 * i)]))],
            free[(1 + (3 * silos))..]);
    }
}
