using OrleansRecorder.Captures;

namespace OrleansRecorder.Streams;

/// <summary>Keeps a stream to one capture at a time, and keeps out orders that were overtaken on their way.</summary>
internal static class CaptureFence
{
    /// <summary>What to do with an order.</summary>
    internal enum Verdict
    {
        /// <summary>Begin it.</summary>
        Begin,

        /// <summary>It runs already.</summary>
        Runs,

        /// <summary>End what runs, which nobody wants any more, and then begin it.</summary>
        Replace,

        /// <summary>Another task of the same cycle has the stream.</summary>
        Busy,

        /// <summary>A newer one has been seen, or it has run, or its time is over.</summary>
        Outdated,
    }

    /// <summary>Judges an order by what runs now (or null) and by the last identity that was seen (or null).</summary>
    public static Verdict Judge(CaptureOrder order, CaptureIdentity? running, CaptureIdentity? seen, DateTimeOffset now)
    {
        var identity = order.Identity;
        if (running == identity) return Verdict.Runs;
        if (now >= order.Deadline || IsOvertaken(identity, running) || IsOvertaken(identity, seen) || identity == seen) return Verdict.Outdated;
        if (running is null) return Verdict.Begin;
        return running.Cycle == identity.Cycle && running.TaskId != identity.TaskId ? Verdict.Busy : Verdict.Replace;
    }

    /// <summary>A later attempt of the same task, or a later cycle, has been seen.</summary>
    public static bool IsOvertaken(CaptureIdentity identity, CaptureIdentity? by) =>
        by is not null && (identity.Cycle < by.Cycle || (identity.Cycle == by.Cycle && identity.TaskId == by.TaskId && identity.Attempt < by.Attempt));
}
