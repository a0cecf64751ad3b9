using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtsp;

/// <summary>How a connection ended.</summary>
/// <param name="End">What to tell when nothing follows.</param>
/// <param name="ConnectAgain">Connect once more, now, to the journey's <see cref="RtspJourney.Target"/>: another step of the ladder, a redirect, a login.</param>
internal sealed record RtspOutcome(SourceEnd End, bool ConnectAgain);
