using System.Globalization;
using FFmpeg.AutoGen;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Rtsp;

namespace OrleansRecorder.Media.Sources;

/// <summary>
/// Why libavformat gave up. Its codes do not separate causes ("Invalid data found" is silence, a hang-up and junk alike), so the server's own
/// replies come first.
/// </summary>
internal static class SourceDiagnosis
{
    private const int EIO = 5;
    private const int EPIPE = 32;
    private const int ENETUNREACH = 101;
    private const int ECONNRESET = 104;
    private const int ETIMEDOUT = 110;
    private const int ECONNREFUSED = 111;
    private const int EHOSTUNREACH = 113;
    private const int EPROTONOSUPPORT = 93;
    private const int HttpBadRequest = -808465656;
    private const int HttpUnauthorized = -825242872;
    private const int HttpForbidden = -858797304;
    private const int HttpNotFound = -875574520;
    private const int HttpOther4xx = -1482175736;
    private const int HttpServerError = -1482175992;
    private const int ProtocolNotFound = -1330794744;

    /// <summary>The cause of a connection that could not be made.</summary>
    public static Diagnosis OfConnecting(int code, StreamUrl url, IReadOnlyList<string> replies)
    {
        var status = LastStatus(replies);
        if (status >= 300) return OfStatus(status, url, replies);
        var cause = OfCode(code, url);
        if (cause is CaptureCause.Protocol or CaptureCause.Disconnected)
        {
            cause = replies.Count == 0 || status > 0 ? CaptureCause.Disconnected : CaptureCause.Protocol;
        }

        return new Diagnosis(cause, 0, null);
    }

    /// <summary>The cause of a connection that delivered and then broke.</summary>
    public static CaptureCause OfStreaming(int code) => code == -ETIMEDOUT ? CaptureCause.Stalled : CaptureCause.Disconnected;

    private static Diagnosis OfStatus(int status, StreamUrl url, IReadOnlyList<string> replies) =>
        new(RtspStatus.Cause(status), status, status == 401 ? OfChallenge(url, replies) : null);

    private static SourceTrouble OfChallenge(StreamUrl url, IReadOnlyList<string> replies)
    {
        if (url.User is null) return SourceTrouble.NoCredentials;
        var challenges = replies.Where(line => line.StartsWith("WWW-Authenticate:", StringComparison.OrdinalIgnoreCase)).ToList();
        var onlySha256 = challenges.Count > 0 && challenges.All(line => line.Contains("SHA-256", StringComparison.OrdinalIgnoreCase));
        return onlySha256 ? SourceTrouble.Sha256Only : SourceTrouble.Rejected;
    }

    private static CaptureCause OfCode(int code, StreamUrl url) => code switch
    {
        -ECONNREFUSED => CaptureCause.Refused,
        -EHOSTUNREACH or -ENETUNREACH => CaptureCause.Unreachable,
        -ETIMEDOUT => CaptureCause.ConnectTimeout,
        -ECONNRESET or -EPIPE => CaptureCause.Disconnected,
        -EPROTONOSUPPORT or HttpBadRequest or HttpOther4xx => CaptureCause.Negotiation,
        HttpUnauthorized or HttpForbidden => CaptureCause.Authentication,
        HttpNotFound => CaptureCause.NotFound,
        HttpServerError => CaptureCause.Busy,
        ProtocolNotFound => CaptureCause.BadUrl,
        -2 => CaptureCause.NotFound,
        -EIO when url.Scheme is "rtsps" or "https" or "rtmps" => CaptureCause.Tls,
        _ when code == ffmpeg.AVERROR_EOF => CaptureCause.Disconnected,
        _ => CaptureCause.Protocol,
    };

    private static int LastStatus(IReadOnlyList<string> replies)
    {
        for (var i = replies.Count - 1; i >= 0; i--)
        {
            var parts = replies[i].Split(' ', 3);
            if (parts[0].StartsWith("RTSP/", StringComparison.OrdinalIgnoreCase) && parts.Length > 1
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            {
                return status;
            }
        }

        return 0;
    }
}

/// <summary>A cause, with the server's status (0: none), what exactly was wrong, which request it answered, and which codec cannot be stored.</summary>
internal readonly record struct Diagnosis(CaptureCause Cause, int Status, SourceTrouble? Trouble, string? Method = null, string? Codec = null);
