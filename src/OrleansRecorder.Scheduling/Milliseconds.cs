namespace OrleansRecorder.Scheduling;

internal static class Milliseconds
{
    public static long From(double seconds) => (long)Math.Round(seconds * 1000);

    public static double ToSeconds(long milliseconds) => milliseconds / 1000.0;
}
