using System.Security.Cryptography;
using System.Text;

namespace OrleansRecorder.Cameras.Rtsp;

/// <summary>Asks for and checks a camera's password on one connection: Digest with MD5 or SHA-256 (RFC 2617 section 3 and RFC 7616, with or without qop) or Basic.</summary>
internal sealed class Authentication(CameraOptions options, string? nonce = null)
{
    private readonly LoginQuirks _quirks = options.Quirks.Login;
    private readonly HashSet<string> _renewed = [];
    private string _nonce = nonce ?? NewNonce();
    private bool _isStale;

    /// <summary>The values of <c>WWW-Authenticate</c>, a header each.</summary>
    public IReadOnlyList<string> Challenges
    {
        get
        {
            var all = Offers.Select(Challenge).ToList();
            return _quirks.InOneHeader ? [string.Join(", ", all)] : all;
        }
    }

    public static string NewNonce() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Whether a request may pass: the camera has no user, or the request proves to know the password.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isKeepAlive">It does nothing but keep a session that plays.</param>
    public bool Accepts(RtspRequest request, bool isKeepAlive)
    {
        if (options.User is null) return true;
        _isStale = false;
        if (request["Authorization"] is not { } given) return false;
        var isRight = Offers.Any(offer => offer == CameraAuthentication.Basic ? AcceptsBasic(given) : AcceptsDigest(request, given, offer));
        var occasion = isKeepAlive ? "keep-alive" : request.Method;
        if (!isRight || !_quirks.RenewsNonceAt.Contains(occasion) || !_renewed.Add(occasion)) return isRight;
        (_nonce, _isStale) = (NewNonce(), _quirks.SaysStale);
        return false;
    }

    private IReadOnlyList<CameraAuthentication> Offers => _quirks.Offers is { Count: > 0 } offers ? offers : [options.Authentication];

    private string Challenge(CameraAuthentication offer)
    {
        if (offer == CameraAuthentication.Basic) return $"Basic realm=\"{_quirks.Realm}\"";
        var digest = $"Digest realm=\"{_quirks.Realm}\", nonce=\"{_nonce}\"{(_isStale ? ", stale=TRUE" : "")}";
        return offer switch
        {
            CameraAuthentication.DigestWithoutQop => digest,
            CameraAuthentication.DigestSha256 => $"{digest}, algorithm=SHA-256, qop=\"auth\"",
            _ => $"{digest}, algorithm=MD5, qop=\"auth\""
        };
    }

    private bool AcceptsBasic(string given)
    {
        var expected = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.User}:{options.Password}"));
        return given.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) && given[6..].Trim() == expected;
    }

    private bool AcceptsDigest(RtspRequest request, string given, CameraAuthentication offer)
    {
        if (!given.StartsWith("Digest ", StringComparison.OrdinalIgnoreCase)) return false;
        var fields = Fields(given[7..]);
        if (Field("username") != options.User || Field("realm") != _quirks.Realm || Field("nonce") != _nonce || Field("uri") != request.Url) return false;

        // A client must use the qop that is offered and none when none is (RFC 2617 section 3.2.2), and name any algorithm but MD5.
        var qop = Field("qop");
        var isSha = offer == CameraAuthentication.DigestSha256;
        if (qop != (offer == CameraAuthentication.DigestWithoutQop ? "" : "auth") || (Field("algorithm") is "SHA-256") != isSha) return false;
        Func<string, string> hash = isSha ? Sha256 : Md5;
        var ha1 = hash($"{options.User}:{_quirks.Realm}:{options.Password}");
        var ha2 = hash($"{request.Method}:{request.Url}");
        var expected = qop.Length == 0 ? hash($"{ha1}:{_nonce}:{ha2}") : hash($"{ha1}:{_nonce}:{Field("nc")}:{Field("cnonce")}:{qop}:{ha2}");
        return Field("response") == expected;

        string Field(string name) => fields.GetValueOrDefault(name, "");
    }

    // name=value and name="value", separated by commas; a quoted value may hold commas.
    private static Dictionary<string, string> Fields(string text)
    {
        Dictionary<string, string> fields = new(StringComparer.OrdinalIgnoreCase);
        for (var at = 0; at < text.Length;)
        {
            var equals = text.IndexOf('=', at);
            if (equals < 0) break;
            var name = text[at..equals].Trim(' ', ',');
            var isQuoted = equals + 1 < text.Length && text[equals + 1] == '"';
            var start = equals + (isQuoted ? 2 : 1);
            var end = start > text.Length ? -1 : text.IndexOf(isQuoted ? '"' : ',', start);
            if (end < 0) end = text.Length;
            fields[name] = text[Math.Min(start, end)..end].Trim();
            at = end + 1;
        }

        return fields;
    }

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

#pragma warning disable CA5351 // MD5 is what RTSP cameras speak.
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}
