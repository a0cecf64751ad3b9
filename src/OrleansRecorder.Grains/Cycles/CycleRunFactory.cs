using OrleansRecorder.Scheduling;

namespace OrleansRecorder.Cycles;

/// <summary>Makes a cycle of a configuration, and its plan of a cycle that was persisted.</summary>
internal static class CycleRunFactory
{
    public static CycleRun Create(long number, CycleOpening opening, IReadOnlyList<WaitingStream> waiting)
    {
        var waited = waiting.ToDictionary(w => (w.Stream, w.OutputFilename), w => w.Cycles);
        StreamDemand[] demands = [.. opening.Streams.Select((s, i) =>
            new StreamDemand(i, s.DurationSeconds, s.Weight, waited.GetValueOrDefault((s.Stream, s.OutputFilename)), s.Stream))];
        var plan = CyclePlanner.Plan(demands, Limits(number, opening.Settings));

        var tasks = new TaskState[opening.Streams.Length];
        for (var order = 0; order < plan.Tasks.Length; order++)
        {
            var planned = plan.Tasks[order];
            var stream = opening.Streams[planned.Index];
            tasks[planned.Index] = new TaskState
            {
                TaskId = planned.Index,
                StreamIndex = planned.Index,
                RtspUrl = stream.RtspUrl,
                Stream = stream.Stream,
                OutputFilename = stream.OutputFilename,
                DurationSeconds = stream.DurationSeconds,
                PlannedSeconds = planned.PlannedSeconds,
                PlannedOffsetSeconds = planned.OffsetSeconds,
                StartOrder = order,
                WaitedCycles = demands[planned.Index].WaitedCycles,
                Ingest = stream.Ingest,
                AcceptsAnyCertificate = stream.AcceptsAnyCertificate,
            };
        }

        return new CycleRun
        {
            Number = number,
            Directory = opening.Directory,
            Home = opening.Archive,
            StartedAt = opening.At,
            Settings = opening.Settings,
            Tasks = [.. tasks],
        };
    }

    public static CyclePlan Plan(CycleRun run) => new(
        [
            .. run.Tasks.OrderBy(t => t.StartOrder)
                .Select(t => new PlannedTask(t.TaskId, t.Stream, t.DurationSeconds, t.PlannedSeconds, t.PlannedOffsetSeconds) { Server = ServerOf(t.Stream) }),
        ],
        Limits(run.Number, run.Settings));

    /// <summary>The camera host of a stream's address without credentials; null when it has none.</summary>
    public static string? ServerOf(string stream) => StreamUrl.TryParse(stream, out var url) ? url.Server : null;

    private static CycleLimits Limits(long number, CycleSettings settings) =>
        new(settings.TotalSeconds, settings.MaxConcurrentStreams, settings.MinDurationSeconds, number) { Sessions = new SessionLimits(settings.MaxSessionsPerHost, settings.SessionLimits) };
}
