namespace OrleansRecorder.Scheduling.Tests;

/// <summary>Tries every placement.</summary>
internal static class BruteForce
{
    public static bool Fits(double[] durations, int slots, double total) => Place(durations, 0, new double[slots], total);

    private static bool Place(double[] durations, int item, double[] loads, double total)
    {
        if (item == durations.Length) return true;
        for (var slot = 0; slot < loads.Length; slot++)
        {
            if (loads[slot] + durations[item] > total + PlanRules.Tolerance) continue;
            loads[slot] += durations[item];
            if (Place(durations, item + 1, loads, total)) return true;
            loads[slot] -= durations[item];
            // An empty slot is as good as the next empty one.
            if (loads[slot] == 0) break;
        }

        return false;
    }
}
