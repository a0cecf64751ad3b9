namespace OrleansRecorder.Cycles;

/// <summary>Spreads a burst of starts over time, and the starts of one camera host among the others; the first is never delayed.</summary>
internal static class StartJitter
{
    // So many starts take the whole time; fewer take as much less.
    private const int Burst = 10;

    /// <summary>The actions, the begins among them with their delays.</summary>
    public static IReadOnlyList<CycleAction> Spread(List<CycleAction> actions, CycleOptions options)
    {
        BeginCapture[] begins = [.. actions.OfType<BeginCapture>()];
        if (begins.Length < 2) return actions;

        var window = options.StartJitter * Math.Min(1, (begins.Length - 1) / (double)Burst);
        var spread = InTurns(begins).Select((begin, i) => begin with { After = window * (i == 0 ? 0 : (i - 1 + options.Random()) / (begins.Length - 1)) });
        return [.. actions.Where(action => action is not BeginCapture), .. spread];
    }

    // One of each host, then the second of each, and so on; else in the order given.
    private static IEnumerable<BeginCapture> InTurns(BeginCapture[] begins) =>
        begins.GroupBy(begin => CycleRunFactory.ServerOf(begin.Stream)).SelectMany(host => host.Select((begin, turn) => (Begin: begin, Turn: turn)))
            .OrderBy(b => b.Turn).Select(b => b.Begin);
}
