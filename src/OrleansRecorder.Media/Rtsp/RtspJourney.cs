using OrleansRecorder.Captures;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtsp;

/// <summary>
/// The way to one stream over as many connections as it takes: what was learnt on one (challenges, redirects, the transport that is refused) holds for the
/// next. One thread at a time. Times are those of one clock, whichever, that only goes forward.
/// </summary>
/// <param name="request">What to connect to.</param>
/// <param name="events">Who takes what comes.</param>
/// <param name="clientNonce">A new random text for each digest (RFC 7616, 3.4); null for a good one.</param>
internal sealed class RtspJourney(SourceRequest request, IRtspEvents events, Func<string>? clientNonce = null)
{
    private readonly SourceRequest _request = request;
    private readonly IRtspEvents _events = events;
    private readonly Func<string>? _clientNonce = clientNonce;

    /// <summary>Where to connect to now.</summary>
    public RtspTarget Target => throw new NotImplementedException();

    /// <summary>When the way from DNS to the answer to PLAY must be over; valid after <see cref="Begin"/>.</summary>
    public TimeSpan Deadline => throw new NotImplementedException();

    /// <summary>Starts the clock of <see cref="Deadline"/>; before the first look-up of a name.</summary>
    public void Begin(TimeSpan now) => throw new NotImplementedException();

    /// <summary>The dialogue of a connection that was made to <see cref="Target"/>; not started yet.</summary>
    public RtspDialogue Converse(IRtspWire wire) => new(_request, _events, wire, _clientNonce);

    /// <summary>No connection could be made to <see cref="Target"/>, for this cause.</summary>
    public RtspOutcome OnUnreachable(CaptureCause cause, TimeSpan now) => throw new NotImplementedException();
}
