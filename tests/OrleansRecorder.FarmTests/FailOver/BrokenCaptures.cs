using System.Globalization;
using OrleansRecorder.Cameras;

namespace OrleansRecorder.FarmTests.FailOver;

/// <summary>Finds, in what the cameras remember, the captures that a kill has ended, and when they were taken up again.</summary>
internal static class BrokenCaptures
{
    /// <summary>How a session ends that the recorder ends.</summary>
    public const string Teardown = "TEARDOWN";

    private static readonly TimeSpan KernelTime = TimeSpan.FromSeconds(1);

    /// <summary>A capture that a kill has ended.</summary>
    /// <param name="Ended">Its last session.</param>
    /// <param name="Next">The session that went on with it; null: the camera was never played again.</param>
    public sealed record BrokenCapture(SessionRecord Ended, SessionRecord? Next);

    /// <summary>Those that ended without a word when the process died.</summary>
    public static IEnumerable<BrokenCapture> Of(Kill kill, IReadOnlyList<SessionRecord> sessions) => sessions
        .Where(s => s.StartedAt <= kill.At && s.EndedAt is { } end && s.Reason != Teardown && (end - kill.At).Duration() < KernelTime)
        .Select(s => new BrokenCapture(s, sessions.Where(next => next.Camera == s.Camera && next.StartedAt > s.StartedAt).MinBy(next => next.StartedAt)));

    /// <summary>The sessions of a task's camera in a cycle, in order.</summary>
    public static SessionRecord[] SessionsOf(this CameraServer cameras, ReportedTask task, ReportedCycle report, ReportedCycle? next) => [.. cameras.ReadStatistics().Sessions
        .Where(s => s.Camera == task.Camera && s.StartedAt >= report.StartOf() && (next is null || s.StartedAt < next.StartOf()))];

    /// <summary>When a cycle began, to the second, by the name of its directory.</summary>
    public static DateTimeOffset StartOf(this ReportedCycle report) =>
        new(DateTime.ParseExact(report.Directory, "yyyyMMdd_HHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal));
}
