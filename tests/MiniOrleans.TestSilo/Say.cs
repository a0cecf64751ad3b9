namespace MiniOrleans.TestSilo;

/// <summary>Tells the test what happens, a line each on standard output, apart from the log by its first character.</summary>
internal static class Say
{
    /// <summary>What such a line begins with.</summary>
    public const char Mark = '>';

    private static readonly Lock Lock = new();

    public static void Line(string text)
    {
        lock (Lock)
        {
            Console.Out.WriteLine($"{Mark}{text}");
            Console.Out.Flush();
        }
    }
}
