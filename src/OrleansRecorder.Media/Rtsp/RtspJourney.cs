using OrleansRecorder.Captures;
using OrleansRecorder.Media.Rtsp.Authentication;
using OrleansRecorder.Media.Rtsp.Messages;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtsp;

/// <summary>
/// The way to one stream over as many connections as it takes: what was learnt on one (challenges, redirects, the transport that is refused) holds for the
/// next. One thread at a time. Times are those of one clock, whichever, that only goes forward.
/// </summary>
internal sealed class RtspJourney
{
    private const int MaxRedirects = 5;
    private const int MaxReturns = 3;
    private readonly StreamUrl _entry;
    private readonly IRtspEvents _events;
    private readonly Func<string> _clientNonce;
    private (string Host, string? User, string? Password) _login;
    private int _redirects;
    private int _returns;
    private bool _loggedInAgain;
    private bool _beganAnew;

    /// <param name="request">What to connect to.</param>
    /// <param name="events">Who takes what comes.</param>
    /// <param name="clientNonce">A new random text for each digest (RFC 7616, 3.4); null for a good one.</param>
    public RtspJourney(SourceRequest request, IRtspEvents events, Func<string>? clientNonce = null)
    {
        Request = request;
        _entry = request.Url;
        _events = events;
        _clientNonce = clientNonce ?? RtspAuthenticator.RandomNonce;
        Enter(_entry, _entry.User, _entry.Password);
    }

    /// <summary>What to connect to now: as was wanted, but with the URL of the last redirect.</summary>
    public SourceRequest Request { get; private set; }

    /// <summary>Where to connect to now.</summary>
    public RtspTarget Target => new(Request.Url.Host.Trim('[', ']').Replace("%25", "%"), Request.Url.Port ?? (IsTls ? 322 : 554), IsTls);

    /// <summary>When the way from DNS to the answer to PLAY must be over; valid after <see cref="Begin"/>.</summary>
    public TimeSpan Deadline { get; private set; }

    /// <summary>The URL of the first request line.</summary>
    internal string RequestUrl => WireText.FromPerson(Request.Url.RequestUrl);

    /// <summary>Logs in at the current host; forgets all at another.</summary>
    internal RtspAuthenticator Authenticator { get; private set; } = null!;

    /// <summary>How tracks are to be set up.</summary>
    internal TransportStep Transport { get; private set; }

    /// <summary>The server hangs up on OPTIONS, or does not answer it.</summary>
    internal bool LeavesOptionsOut { get; private set; }

    /// <summary>Set up all that is described: it sends nothing otherwise.</summary>
    internal bool SetsUpAll { get; private set; }

    private bool IsTls => Request.Url.Scheme == "rtsps";

    /// <summary>Starts the clock of <see cref="Deadline"/>; before the first look-up of a name.</summary>
    public void Begin(TimeSpan now) => Deadline = now + Request.ConnectionTimeout;

    /// <summary>The dialogue of a connection that was made to <see cref="Target"/>; not started yet.</summary>
    public RtspDialogue Converse(IRtspWire wire) => new(this, _events, wire);

    /// <summary>No connection could be made to <see cref="Target"/>, for this cause.</summary>
    public RtspOutcome OnUnreachable(CaptureCause cause, TimeSpan now)
    {
        var end = End(new Diagnosis(cause, 0, null));
        return new RtspOutcome(end, now < Deadline && TryReturn());
    }

    /// <summary>The end of a connection in words.</summary>
    internal SourceEnd End(Diagnosis diagnosis) => new(diagnosis.Cause, SourceMessages.For(diagnosis, Request))
    {
        NeedsFewTries = diagnosis.Cause == CaptureCause.Protocol || diagnosis.Trouble is SourceTrouble.NoDescription or SourceTrouble.NoVideo,
    };

    /// <summary>The server does not send the way it was asked to. False when there is no other way.</summary>
    internal bool TryNextTransport()
    {
        // What was encrypted is not to go over the network in the clear.
        if (IsTls || Transport != TransportStep.Tcp) return false;
        Transport = TransportStep.Udp;
        return true;
    }

    /// <summary>PLAY was accepted, and nothing came: everything once more from the start, with time of its own. False when nothing is left to try.</summary>
    /// <param name="hasMore">The description holds more than was set up.</param>
    /// <param name="now">The time.</param>
    internal bool TryAfterSilence(bool hasMore, TimeSpan now)
    {
        if (Transport == TransportStep.Udp) Transport = TransportStep.TcpAgain;
        else if (hasMore && !SetsUpAll) SetsUpAll = true;
        else return false;
        Begin(now);
        return true;
    }

    /// <summary>The server hung up on OPTIONS, or did not answer it. False when it was left out already.</summary>
    internal bool TryWithoutOptions() => !LeavesOptionsOut && (LeavesOptionsOut = true);

    /// <summary>The server challenged, and hung up on the answer: the next connection logs in at once. False the second time.</summary>
    internal bool TryLoginAgain() => !_loggedInAgain && (_loggedInAgain = true);

    /// <summary>The server does not know its own session. False the second time.</summary>
    internal bool TryNewSession() => !_beganAnew && (_beganAnew = true);

    /// <summary>The target of a redirect is dead: back to where it came from. False when there was none, or too often.</summary>
    internal bool TryReturn()
    {
        if (ReferenceEquals(Request.Url, _entry) || ++_returns > MaxReturns) return false;
        _redirects = 0;
        Enter(_entry, _entry.User, _entry.Password);
        return true;
    }

    /// <summary>Follows a redirect; null when the next connection goes there, else why not. Credentials go to another host only if the redirect names them.</summary>
    internal SourceTrouble? Redirect(string? location)
    {
        if (++_redirects > MaxRedirects) return SourceTrouble.RedirectEndless;
        if (string.IsNullOrWhiteSpace(location) || !StreamUrl.TryParse(WireText.ToPerson(RtspUrls.Absolute(location, RequestUrl)), out var url)) return SourceTrouble.RedirectNowhere;
        if (url.Scheme is not ("rtsp" or "rtsps")) return SourceTrouble.RedirectNowhere;
        if (IsTls && url.Scheme == "rtsp") return SourceTrouble.RedirectToPlain;
        var (user, password) = url.User is not null ? (url.User, url.Password)
            : IsHost(url, _login.Host) ? (_login.User, _login.Password)
            : IsHost(url, _entry.Host) ? (_entry.User, _entry.Password)
            : (null, null);
        Enter(url, user, password);
        return null;
    }

    private static bool IsHost(StreamUrl url, string host) => url.Host.Equals(host, StringComparison.OrdinalIgnoreCase);

    private void Enter(StreamUrl url, string? user, string? password)
    {
        Request = Request with { Url = url };
        _login = (url.Host, user, password);
        Authenticator = new RtspAuthenticator(user, password, _clientNonce);
    }
}

/// <summary>The ladder of transports, each on a connection of its own.</summary>
internal enum TransportStep
{
    /// <summary>Interleaved in the RTSP connection.</summary>
    Tcp,

    /// <summary>Refused that: UDP.</summary>
    Udp,

    /// <summary>Accepted UDP, and nothing came that way.</summary>
    TcpAgain,
}
