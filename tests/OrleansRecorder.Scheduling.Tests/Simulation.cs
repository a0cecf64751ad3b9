namespace OrleansRecorder.Scheduling.Tests;

/// <summary>Runs a cycle as CycleGrain does, with cameras that connect slowly or fail early.</summary>
internal static class Simulation
{
    public sealed record Outcome(IReadOnlyList<PlanRules.Span> Spans, IReadOnlyList<int> Cancelled, double[] Delays);

    public static Outcome Run(Case c, Random random, bool delays, bool failures)
    {
        var plan = c.Plan();
        var waiting = c.Streams.Select(s => s.Index).ToHashSet();
        var active = new Dictionary<int, PlanRules.Span>();
        var spans = new List<PlanRules.Span>();
        var cancelled = new List<int>();
        var connecting = new double[c.Streams.Length];
        var now = 0.0;
        while (waiting.Count > 0 || active.Count > 0)
        {
            var progress = new CycleProgress(now, waiting, active.Keys.ToHashSet());
            foreach (var index in SlotDispatcher.TooLate(plan, progress))
            {
                waiting.Remove(index);
                cancelled.Add(index);
            }

            foreach (var start in SlotDispatcher.StartNow(plan, progress))
            {
                Assert.True(waiting.Remove(start.Index), $"{start} started twice");
                Assert.True(start.DurationSeconds > 0 && now + start.DurationSeconds <= c.Limits.TotalSeconds + PlanRules.Tolerance, $"{start} at {now}");
                connecting[start.Index] = delays ? random.NextDouble() * 3 : 0;
                var wanted = failures && random.Next(4) == 0 ? random.NextDouble() * start.DurationSeconds : start.DurationSeconds + connecting[start.Index];
                var end = Math.Min(now + Math.Max(wanted, 0.001), c.Limits.TotalSeconds);
                active.Add(start.Index, new PlanRules.Span(start.Index, c.Streams[start.Index].Key, now, end));
            }

            if (active.Count == 0)
            {
                Assert.Empty(waiting);
                break;
            }

            now = active.Values.Min(s => s.To);
            foreach (var ended in active.Values.Where(s => s.To <= now).ToList())
            {
                active.Remove(ended.Index);
                spans.Add(ended);
            }
        }

        return new Outcome(spans, cancelled, connecting);
    }
}
