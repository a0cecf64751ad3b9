using System.Globalization;
using System.Net;
using OrleansRecorder.Cameras.Sessions;

namespace OrleansRecorder.Cameras.Rtsp;

/// <summary>What the cameras answer (RFC 2326 section 10).</summary>
internal sealed class RequestHandler(CameraServer server, UdpPorts udp)
{
    private static readonly string[] Methods = ["OPTIONS", "DESCRIBE", "SETUP", "PLAY", "PAUSE", "TEARDOWN", "GET_PARAMETER", "SET_PARAMETER"];

    /// <summary>Answers one request, or leaves it without an answer when the camera's fault says so.</summary>
    public void Handle(RtspConnection connection, RtspRequest request)
    {
        var camera = request.Camera is { } number ? server.Find(number) : request.Url == "*" ? connection.Camera : null;
        if (camera is not null && camera != connection.Camera)
        {
            // A client that turns to another camera leaves the first one.
            EndSession(connection, "went to another camera");
            (connection.Camera, connection.Authentication) = (camera, new Authentication(camera.Options, camera.Options.Quirks.Login.ClosesAfterChallenge ? camera.Nonce : null));
        }

        server.Options.Wire?.Add(new WireRequest(connection.Number, TimeSpan.FromTicks(server.Now), request.Method, request.Url,
            request.Headers.Where(h => !h.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase)).ToDictionary(StringComparer.OrdinalIgnoreCase),
            request["Authorization"]?.Split(' ')[0] ?? ""));
        if (request["CSeq"] is null) connection.Reply(request, RtspStatus.BadRequest);
        else if (camera is not null) HandleFaulty(connection, request, camera);
        else if (request.Method == "OPTIONS") Options(connection, request);
        else connection.Reply(request, RtspStatus.NotFound);
    }

    /// <summary>Ends the connection's session, if it has one.</summary>
    public void EndSession(RtspConnection connection, string reason)
    {
        if (connection.Session is not { } session) return;
        connection.Session = null;
        if (session.Counted is { } order) server.CountEnd(order, session.Camera, connection.Client.ToString(), reason, session.SentVideo);
    }

    private void HandleFaulty(RtspConnection connection, RtspRequest request, Camera camera)
    {
        var needsCamera = request.Method is "DESCRIBE" or "SETUP" or "PLAY";
        switch (camera.Fault.Kind)
        {
            case CameraFaultKind.Refuse:
                connection.Reset("refused");
                break;
            case CameraFaultKind.Silent:
                break;
            case CameraFaultKind.Unauthorized:
                Challenge(connection, request);
                break;
            case CameraFaultKind.NotFound when needsCamera:
                connection.Reply(request, RtspStatus.NotFound);
                break;
            case CameraFaultKind.Unavailable when needsCamera:
                connection.Reply(request, RtspStatus.Unavailable);
                break;
            default:
                HandleHealthy(connection, request, camera);
                break;
        }
    }

    private void HandleHealthy(RtspConnection connection, RtspRequest request, Camera camera)
    {
        var quirks = camera.Options.Quirks;
        var isKeepAlive = connection.Session is { IsPlaying: true } && request.Method is "OPTIONS" or "GET_PARAMETER" or "SET_PARAMETER";
        if (quirks.Replies.RedirectsTo is { } target && request.Method is "DESCRIBE" or "SETUP") connection.Reply(request, RtspStatus.Found, $"Location: {target}\r\n");
        else if (request.Method == "OPTIONS" && !isKeepAlive) Options(connection, request);
        else if (!connection.Authentication!.Accepts(request, isKeepAlive)) Challenge(connection, request);
        else if (request["Session"] is { } id && !IsSessionOf(connection, id, quirks.Session)) connection.Reply(request, RtspStatus.SessionNotFound);
        else if (isKeepAlive) KeepAlive(connection, request, quirks.Session);
        else if (request.Method is "DESCRIBE" or "SETUP") WithClip(connection, request, camera);
        else HandleInSession(connection, request);
    }

    private static bool IsSessionOf(RtspConnection connection, string id, SessionQuirks quirks) =>
        (quirks.IsStrict ? id : id.Split(';')[0].Trim()) == connection.Session?.Id;

    private void KeepAlive(RtspConnection connection, RtspRequest request, SessionQuirks quirks)
    {
        if (request.Method == "GET_PARAMETER" && request["Session"] is not null) connection.LastGetParameter = server.Now;
        if (quirks.IgnoresKeepAlive) return;
        if (quirks.KeepAliveStatus is { } status) connection.Reply(request, status);
        else if (request.Method == "OPTIONS") Options(connection, request);
        else HandleInSession(connection, request);
    }

    private void HandleInSession(RtspConnection connection, RtspRequest request)
    {
        var session = connection.Session;
        switch (request.Method)
        {
            case "GET_PARAMETER" or "SET_PARAMETER":
                connection.Reply(request, RtspStatus.Ok, session is null ? "" : SessionLine(session));
                break;
            case "PLAY" or "PAUSE" or "TEARDOWN" when session is null || request["Session"] is null:
                connection.Reply(request, RtspStatus.SessionNotFound);
                break;
            case "PLAY":
                Play(connection, request, session);
                break;
            case "PAUSE":
                session.Pause();
                connection.Reply(request, RtspStatus.Ok, SessionLine(session));
                break;
            case "TEARDOWN":
                TearDown(connection, request, session.Camera.Options.Quirks.Session.Teardown);
                break;
            default:
                connection.Reply(request, RtspStatus.NotImplemented, PublicLine(connection));
                break;
        }
    }

    private void TearDown(RtspConnection connection, RtspRequest request, TeardownStyle style)
    {
        EndSession(connection, "TEARDOWN");
        if (style == TeardownStyle.Answered) connection.Reply(request, RtspStatus.Ok);
        else if (style == TeardownStyle.Reset) connection.Reset("TEARDOWN");
        else if (style == TeardownStyle.Junk) connection.SendRaw("RTSP/1.0 0\r\n\r\n");
    }

    private void WithClip(RtspConnection connection, RtspRequest request, Camera camera)
    {
        var clip = camera.Clip();
        if (!clip.IsCompleted)
        {
            connection.WaitFor(clip, request);
        }
        else if (!clip.IsCompletedSuccessfully)
        {
            server.Options.Log?.Invoke($"camera {camera.Number}: {clip.Exception?.InnerException?.Message ?? "stopped"}");
            connection.Reply(request, RtspStatus.InternalError);
        }
        else if (request.Method == "DESCRIBE")
        {
            var body = SessionDescription.Of(camera.Options, clip.Result.Tracks, connection.Local.Address, BaseUrl(request));
            connection.Reply(request, RtspStatus.Ok, ContentBaseLine(request, camera), body);
        }
        else
        {
            SetUp(connection, request, camera, clip.Result);
        }
    }

    private void SetUp(RtspConnection connection, RtspRequest request, Camera camera, CameraClip clip)
    {
        var track = TrackAddress.TrackOf(camera.Options, request.Url) ?? (clip.Tracks.Count == 1 ? 0 : null);
        if (track is not { } index)
        {
            connection.Reply(request, RtspStatus.AggregateNotAllowed);
            return;
        }

        if (index >= clip.Tracks.Count)
        {
            connection.Reply(request, RtspStatus.NotFound);
            return;
        }

        if (TransportHeader.Choose(request["Transport"], camera.Options.Quirks.Transport) is not { } offer)
        {
            connection.Reply(request, RtspStatus.UnsupportedTransport);
            return;
        }

        connection.Session ??= new MediaSession(camera, clip, server.Random.NextInt64(1L << 60, long.MaxValue).ToString("X16", CultureInfo.InvariantCulture), server.Random, server.Options.Wire);
        var quirks = camera.Options.Quirks.Transport;
        var first = quirks.FirstChannel is { } own && offer.IsTcp ? own + (2 * index) : offer.First ?? 2 * index;
        var second = quirks.FirstChannel is null && offer.Second is { } asked ? asked : first + 1;
        var sink = offer.IsTcp ? connection.Output : udp.To(connection.Client.Address, first, offer.Second!.Value, quirks, server.Random);
        if (!connection.Session.TrySetUp(index, offer.IsTcp ? (byte)first : (byte)0, sink, out var source))
        {
            connection.Reply(request, RtspStatus.NotValidInThisState);
            return;
        }

        var ways = offer.IsTcp ? $"RTP/AVP/TCP;unicast;interleaved={first}{(quirks.NamesOneChannel ? "" : $"-{second}")}"
            : $"RTP/AVP;unicast;client_port={first}-{offer.Second}{(quirks.OmitsServerPorts ? "" : $";server_port={udp.Port}-{udp.Port + 1}")}";
        if (!offer.IsTcp) connection.ReportsFrom.Add(new IPEndPoint(connection.Client.Address, offer.Second!.Value).Serialize());
        connection.Reply(request, RtspStatus.Ok, $"Transport: {ways};ssrc={(quirks.NamesOtherSource ? ~source : source):X8}\r\n{SessionLine(connection.Session, isSetUp: true)}");
    }

    private void Play(RtspConnection connection, RtspRequest request, MediaSession session)
    {
        if (session.IsPlaying)
        {
            connection.Reply(request, RtspStatus.Ok, SessionLine(session));
            return;
        }

        var quirks = session.Camera.Options.Quirks;
        var info = session.Play(server.Now, BaseUrl(request));
        (connection.LastReport, connection.LastGetParameter) = (server.Now, server.Now);
        session.Counted ??= server.CountStart(session.Camera, connection.Client.ToString());
        var headers = $"Range: npt=0.000-\r\n{SessionLine(session)}{(quirks.Replies.OmitsRtpInfo ? "" : $"RTP-Info: {info}\r\n")}";
        if (quirks.Transport.EarlyMedia > TimeSpan.Zero) connection.ReplyAt(session.NextDue + quirks.Transport.EarlyMedia.Ticks, request, RtspStatus.Ok, headers);
        else connection.Reply(request, RtspStatus.Ok, headers);
    }

    private void Options(RtspConnection connection, RtspRequest request)
    {
        var status = connection.Camera?.Options.Quirks.Replies.OptionsStatus;
        if (status is { Length: 0 }) connection.End("asked for its options");
        else connection.Reply(request, status ?? RtspStatus.Ok, $"{PublicLine(connection)}{(connection.Session is { } session && request["Session"] is not null ? SessionLine(session) : "")}");
    }

    private static void Challenge(RtspConnection connection, RtspRequest request)
    {
        connection.Reply(request, RtspStatus.Unauthorized, string.Concat(connection.Authentication!.Challenges.Select(c => $"WWW-Authenticate: {c}\r\n")));
        if (connection.Camera!.Options.Quirks.Login.ClosesAfterChallenge) connection.End("no password");
    }

    private static string PublicLine(RtspConnection connection) =>
        $"Public: {string.Join(", ", Methods.Except(connection.Camera?.Options.Quirks.Replies.HiddenMethods ?? []))}\r\n";

    private string SessionLine(MediaSession session, bool isSetUp = false)
    {
        var quirks = session.Camera.Options.Quirks.Session;
        var header = quirks.SaysTimeoutOnce && !isSetUp ? "{0}" : quirks.Header;
        return $"Session: {string.Format(CultureInfo.InvariantCulture, header, session.Id, (int)server.TimeoutOf(session.Camera).TotalSeconds)}\r\n";
    }

    private static string ContentBaseLine(RtspRequest request, Camera camera)
    {
        var url = BaseUrl(request);
        var path = url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var value = camera.Options.Quirks.Replies.ContentBase switch
        {
            ContentBaseStyle.WithQuery => request.Url + "/",
            ContentBaseStyle.WithoutScheme => path + "/",
            ContentBaseStyle.OtherHost => $"rtsp://192.0.2.7:554{path[path.IndexOf('/', StringComparison.Ordinal)..]}/",
            ContentBaseStyle.PathOnly => $"{path[path.IndexOf('/', StringComparison.Ordinal)..]}/",
            ContentBaseStyle.Empty => "",
            ContentBaseStyle.Absent => null,
            _ => url + "/",
        };
        return value is null ? "" : $"Content-Base: {value}\r\n";
    }

    private static string BaseUrl(RtspRequest request) => request.Url.Split('?')[0].TrimEnd('/');
}
