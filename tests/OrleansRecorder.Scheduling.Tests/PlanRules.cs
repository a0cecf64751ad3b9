namespace OrleansRecorder.Scheduling.Tests;

/// <summary>What must hold of any list of recordings in a cycle, planned or run.</summary>
internal static class PlanRules
{
    public sealed record Span(int Index, string? Key, double From, double To);

    public static IReadOnlyList<Span> Spans(this CyclePlan plan) =>
        [.. plan.Tasks.Where(t => t.HasPlace).Select(t => new Span(t.Index, t.Key, t.OffsetSeconds!.Value, t.OffsetSeconds.Value + t.PlannedSeconds))];

    public static void MustKeepTheLimits(IReadOnlyList<Span> spans, CycleLimits limits)
    {
        foreach (var span in spans)
        {
            Assert.True(span.From >= 0 && span.To > span.From, $"{span} is empty");
            Assert.True(span.To <= limits.TotalSeconds + Tolerance, $"{span} ends after {limits.TotalSeconds}");
            var atOnce = spans.Where(other => other.From <= span.From && other.To > span.From + Tolerance).ToList();
            Assert.True(atOnce.Count <= limits.MaxConcurrent, $"{atOnce.Count} at once at {span.From}");
            Assert.True(span.Key is null || atOnce.Count(other => other.Key == span.Key) == 1, $"{span.Key} twice at {span.From}");
        }
    }

    /// <summary>Half a millisecond: plans are in whole ones.</summary>
    public const double Tolerance = 0.0005;
}
