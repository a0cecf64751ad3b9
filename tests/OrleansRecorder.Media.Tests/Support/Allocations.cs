namespace OrleansRecorder.Media.Tests.Support;

/// <summary>Memory that code takes on this thread.</summary>
internal static class Allocations
{
    private const int Rounds = 5;

    /// <summary>
    /// The fewest bytes that the same work took in any of five rounds, the first ones of which may be its first at all. The runtime itself takes some while it still compiles; and when it collects
    /// for another thread's sake, what was left of this thread's 8 KiB counts as taken.
    /// </summary>
    public static long Of(Action work)
    {
        var least = long.MaxValue;
        for (var i = 0; i < Rounds && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
