namespace OrleansRecorder.Cameras;

/// <summary>The sessions of a server at one moment: all of this is of the same moment, so its numbers agree with each other.</summary>
/// <param name="All">All cameras together.</param>
/// <param name="ResetAt">When counting began anew the last time, or when the server started.</param>
/// <param name="Cameras">Each camera that has ever played, by its number.</param>
/// <param name="Sessions">
/// Those that have played since the reset, in the order of their PLAY. Of those that have ended only the last <see cref="CameraServerOptions.RememberedSessions"/> are there.
/// </param>
/// <param name="Forgotten">How many ended sessions are missing in <see cref="Sessions"/> for that reason.</param>
public sealed record SessionStatistics(
    SessionTally All, DateTimeOffset ResetAt, IReadOnlyDictionary<int, SessionTally> Cameras, IReadOnlyList<SessionRecord> Sessions, int Forgotten);

/// <summary>The same sessions, counted twice.</summary>
/// <param name="SinceStart">Since the server started.</param>
/// <param name="SinceReset">Since <see cref="SessionStatistics.ResetAt"/>; sessions that played then count in Playing and MostAtOnce, not in Started.</param>
public sealed record SessionTally(SessionCounts SinceStart, SessionCounts SinceReset)
{
    internal static SessionTally None { get; } = new(SessionCounts.None, SessionCounts.None);

    internal SessionTally Start() => new(SinceStart.Start(), SinceReset.Start());

    internal SessionTally End() => new(SinceStart.End(), SinceReset.End());

    internal SessionTally Reset() => this with { SinceReset = SinceReset.Anew() };
}

/// <summary>One session, from its first PLAY to its end.</summary>
/// <param name="Camera">The camera's number.</param>
/// <param name="Client">The client's address and port.</param>
/// <param name="StartedAt">When it first played.</param>
/// <param name="EndedAt">When it ended, or null: it has not.</param>
/// <param name="Reason">Why it ended, or null: it has not.</param>
/// <param name="Video">The video that it was sent, or null: it has not ended, or there was no key frame.</param>
public sealed record SessionRecord(int Camera, string Client, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Reason, SentVideo? Video);

/// <summary>The video of a session from its first key frame on, frames of which packets were lost too. Places in the clip are the counter in the picture, unless the clip has B-frames.</summary>
/// <param name="First">The place in the clip of the first key frame.</param>
/// <param name="Last">The place in the clip of the last frame.</param>
/// <param name="Frames">How many there were, both of these too.</param>
public sealed record SentVideo(int First, int Last, long Frames);
