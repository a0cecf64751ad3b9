using System.Globalization;
using System.Net;
using OrleansRecorder.Cameras.Sessions;

namespace OrleansRecorder.Cameras.Rtsp;

/// <summary>What the cameras answer (RFC 2326 section 10).</summary>
internal sealed class RequestHandler(CameraServer server, UdpPorts udp)
{
    private const string Methods = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER, SET_PARAMETER";

    /// <summary>Answers one request, or leaves it without an answer when the camera's fault says so.</summary>
    public void Handle(RtspConnection connection, RtspRequest request)
    {
        var camera = request.Camera is { } number ? server.Find(number) : request.Url == "*" ? connection.Camera : null;
        if (camera is not null && camera != connection.Camera)
        {
            // A client that turns to another camera leaves the first one.
            EndSession(connection, "went to another camera");
            (connection.Camera, connection.Authentication) = (camera, new Authentication(camera.Options));
        }

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
        if (session.Counted is { } order) server.CountEnd(order, session.Camera, connection.Client.ToString(), reason);
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
        if (request.Method == "OPTIONS") Options(connection, request);
        else if (!connection.Authentication!.Accepts(request)) Challenge(connection, request);
        else if (request["Session"] is { } id && id.Split(';')[0].Trim() != connection.Session?.Id) connection.Reply(request, RtspStatus.SessionNotFound);
        else if (request.Method is "DESCRIBE" or "SETUP") WithClip(connection, request, camera);
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
                EndSession(connection, "TEARDOWN");
                connection.Reply(request, RtspStatus.Ok);
                break;
            default:
                connection.Reply(request, RtspStatus.NotImplemented, $"Public: {Methods}\r\n");
                break;
        }
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
            var body = SessionDescription.Of(camera.Options, clip.Result.Tracks, connection.Local.Address);
            connection.Reply(request, RtspStatus.Ok, $"Content-Base: {BaseUrl(request)}/\r\n", body);
        }
        else
        {
            SetUp(connection, request, camera, clip.Result);
        }
    }

    private void SetUp(RtspConnection connection, RtspRequest request, Camera camera, CameraClip clip)
    {
        var track = request.Track ?? (clip.Tracks.Count == 1 ? 0 : null);
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

        if (TransportHeader.Choose(request["Transport"]) is not { } offer)
        {
            connection.Reply(request, RtspStatus.UnsupportedTransport);
            return;
        }

        connection.Session ??= new MediaSession(camera, clip, server.Random.NextInt64(1L << 60, long.MaxValue).ToString("X16", CultureInfo.InvariantCulture), server.Random);
        var first = offer.First ?? 2 * index;
        var sink = offer.IsTcp ? connection.Output : udp.To(connection.Client.Address, first, offer.Second!.Value);
        if (!connection.Session.TrySetUp(index, offer.IsTcp ? (byte)first : (byte)0, sink, out var source))
        {
            connection.Reply(request, RtspStatus.NotValidInThisState);
            return;
        }

        var ways = offer.IsTcp ? $"RTP/AVP/TCP;unicast;interleaved={first}-{offer.Second ?? first + 1}"
            : $"RTP/AVP;unicast;client_port={first}-{offer.Second};server_port={udp.Port}-{udp.Port + 1}";
        if (!offer.IsTcp) connection.ReportsFrom.Add(new IPEndPoint(connection.Client.Address, offer.Second!.Value).Serialize());
        connection.Reply(request, RtspStatus.Ok, $"Transport: {ways};ssrc={source:X8}\r\n{SessionLine(connection.Session)}");
    }

    private void Play(RtspConnection connection, RtspRequest request, MediaSession session)
    {
        if (session.IsPlaying)
        {
            connection.Reply(request, RtspStatus.Ok, SessionLine(session));
            return;
        }

        var info = session.Play(server.Now, BaseUrl(request));
        session.Counted ??= server.CountStart(session.Camera, connection.Client.ToString());
        connection.Reply(request, RtspStatus.Ok, $"Range: npt=0.000-\r\n{SessionLine(session)}RTP-Info: {info}\r\n");
    }

    private void Options(RtspConnection connection, RtspRequest request) => connection.Reply(request, RtspStatus.Ok,
        $"Public: {Methods}\r\n{(connection.Session is { } session && request["Session"] is not null ? SessionLine(session) : "")}");

    private static void Challenge(RtspConnection connection, RtspRequest request) =>
        connection.Reply(request, RtspStatus.Unauthorized, $"WWW-Authenticate: {connection.Authentication!.Challenge}\r\n");

    private string SessionLine(MediaSession session) => string.Create(CultureInfo.InvariantCulture, $"Session: {session.Id};timeout={server.Options.SessionTimeout.TotalSeconds:0}\r\n");

    private static string BaseUrl(RtspRequest request) => request.Url.Split('?')[0].TrimEnd('/');
}
