using System.Globalization;
using System.Text;

namespace OrleansRecorder.Media.Tests.Rtsp;

/// <summary>
/// A server that says what a test wants, and otherwise what a good camera says. Replies are written as text: "404 Not Found", further headers on further
/// lines, then after an empty line a body; CSeq and Content-Length are put in where they are not written.
/// </summary>
internal sealed class ScriptedCamera
{
    /// <summary>No reply.</summary>
    public const string Silence = "(silence)";

    /// <summary>The connection is closed instead of a reply.</summary>
    public const string HangUp = "(hangs up)";

    /// <summary>The reply goes out, and then the connection is closed: to be put in front of it.</summary>
    public const string ThenHangUp = "(then hangs up)";

    public const string PlainSdp =
        """
        v=0
        o=- 1 1 IN IP4 10.0.0.1
        s=Camera
        t=0 0
        a=control:*
        m=video 0 RTP/AVP 96
        a=rtpmap:96 H264/90000
        a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0IAHpWoKA9k,aM48gA==
        a=control:trackID=0
        m=audio 0 RTP/AVP 8
        a=control:trackID=1
        """;

    private readonly Dictionary<string, Queue<string>> _once = [];
    private readonly Dictionary<string, string> _always = [];
    private readonly Dictionary<string, Func<SentRequest, string?>> _when = [];

    public string Sdp { get; set; } = PlainSdp;

    public string? ContentBase { get; set; }

    public string Session { get; set; } = "12345678";

    public string LineEnd { get; set; } = "\r\n";

    /// <summary>Given in turn to the requests of this method, before what is said otherwise.</summary>
    public void On(string method, params string[] replies)
    {
        if (!_once.TryGetValue(method, out var queue)) _once[method] = queue = new Queue<string>();
        foreach (var reply in replies) queue.Enqueue(reply);
    }

    /// <summary>Given to every request of this method.</summary>
    public void Always(string method, string reply) => _always[method] = reply;

    /// <summary>Given to every request of this method for which it is not null.</summary>
    public void When(string method, Func<SentRequest, string?> reply) => _when[method] = reply;

    /// <summary>What goes over the wire for a request.</summary>
    public string Answer(SentRequest request)
    {
        var reply = _once.TryGetValue(request.Method, out var queue) && queue.TryDequeue(out var once) ? once
            : _when.TryGetValue(request.Method, out var when) && when(request) is { } special ? special
            : _always.TryGetValue(request.Method, out var always) ? always
            : Usual(request);
        return reply is Silence or HangUp ? reply : Format(reply, request["CSeq"]!);
    }

    private string Usual(SentRequest request) => request.Method switch
    {
        "OPTIONS" => "200 OK\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER",
        "DESCRIBE" => $"200 OK\n{(ContentBase is null ? "" : $"Content-Base: {ContentBase}\n")}Content-Type: application/sdp\n\n{Sdp}\n",
        "SETUP" => $"200 OK\nSession: {Session}\nTransport: {Accepted(request["Transport"]!)}",
        _ => $"200 OK\nSession: {Session}",
    };

    private static string Accepted(string transport) =>
        transport.Contains("client_port", StringComparison.Ordinal) ? transport + ";server_port=6970-6971;ssrc=1A2B3C4D" : transport + ";ssrc=1A2B3C4D";

    private string Format(string reply, string number)
    {
        var hangsUp = reply.StartsWith(ThenHangUp, StringComparison.Ordinal);
        if (hangsUp) reply = reply[ThenHangUp.Length..];
        if (reply.Length > 0 && char.IsAsciiDigit(reply[0])) reply = "RTSP/1.0 " + reply;
        var end = reply.IndexOf("\n\n", StringComparison.Ordinal);
        var (head, body) = end < 0 ? (reply.TrimEnd('\n'), "") : (reply[..end], reply[(end + 2)..]);
        if (!head.Contains("\nCSeq:", StringComparison.OrdinalIgnoreCase) && !head.Contains("(no CSeq)", StringComparison.Ordinal)) head = head.Insert(head.IndexOf('\n') is >= 0 and var first ? first : head.Length, "\nCSeq: " + number);
        head = head.Replace("\n(no CSeq)", "", StringComparison.Ordinal).Replace("{cseq}", number, StringComparison.Ordinal);
        if (body.Length > 0 && !head.Contains("\nContent-Length:", StringComparison.OrdinalIgnoreCase)) head += string.Create(CultureInfo.InvariantCulture, $"\nContent-Length: {Encoding.Latin1.GetByteCount(body)}");
        return (hangsUp ? ThenHangUp : "") + head.Replace("\n", LineEnd, StringComparison.Ordinal) + LineEnd + LineEnd + body;
    }
}
