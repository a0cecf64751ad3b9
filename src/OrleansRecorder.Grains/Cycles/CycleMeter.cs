using System.Diagnostics.Metrics;

namespace OrleansRecorder.Cycles;

/// <summary>
/// What the cycle costs the silo that it is on, as the meter <c>OrleansRecorder.Cycle</c>. While a turn of CycleGrain runs, nothing else gets an answer from it:
/// leases included.
/// </summary>
internal static class CycleMeter
{
    private static readonly Meter Meter = new("OrleansRecorder.Cycle");

    private static readonly Histogram<double> Turns = Meter.CreateHistogram<double>(
        "recorder.cycle.turn", "ms", "How long CycleGrain was busy at a stretch, by its step: decide, save (the state made into bytes), begin, report, snapshot, nodes.");

    private static readonly Histogram<double> Rounds = Meter.CreateHistogram<double>(
        "recorder.cycle.round", "ms", "How long a round took, from taking in what came to having begun what follows from it; the write of the state included.");

    public static void Turn(string step, TimeSpan length) => Turns.Record(length.TotalMilliseconds, new KeyValuePair<string, object?>("step", step));

    public static void Round(TimeSpan length) => Rounds.Record(length.TotalMilliseconds);
}
