using System.Security.Cryptography;
using System.Text;

namespace OrleansRecorder.Cameras.Rtsp;

/// <summary>Asks for and checks a camera's password: Digest with MD5 (RFC 2617 section 3, with or without qop) or Basic.</summary>
internal sealed class Authentication(CameraOptions options)
{
    private const string Realm = "camera";

    private readonly string _nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>The value of <c>WWW-Authenticate</c>.</summary>
    public string Challenge => options.Authentication switch
    {
        CameraAuthentication.Basic => $"Basic realm=\"{Realm}\"",
        CameraAuthentication.DigestWithoutQop => $"Digest realm=\"{Realm}\", nonce=\"{_nonce}\"",
        _ => $"Digest realm=\"{Realm}\", nonce=\"{_nonce}\", algorithm=MD5, qop=\"auth\""
    };

    /// <summary>Whether a request may pass: the camera has no user, or the request proves to know the password.</summary>
    public bool Accepts(RtspRequest request)
    {
        if (options.User is null) return true;
        if (request["Authorization"] is not { } given) return false;
        return options.Authentication == CameraAuthentication.Basic ? AcceptsBasic(given) : AcceptsDigest(request, given);
    }

    private bool AcceptsBasic(string given)
    {
        var expected = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.User}:{options.Password}"));
        return given.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) && given[6..].Trim() == expected;
    }

    private bool AcceptsDigest(RtspRequest request, string given)
    {
        if (!given.StartsWith("Digest ", StringComparison.OrdinalIgnoreCase)) return false;
        var fields = Fields(given[7..]);
        if (Field("username") != options.User || Field("realm") != Realm || Field("nonce") != _nonce || Field("uri") != request.Url) return false;

        // A client must use the qop that is offered and none when none is (RFC 2617 section 3.2.2).
        var qop = Field("qop");
        if (qop != (options.Authentication == CameraAuthentication.Digest ? "auth" : "")) return false;
        var ha1 = Md5($"{options.User}:{Realm}:{options.Password}");
        var ha2 = Md5($"{request.Method}:{request.Url}");
        var expected = qop.Length == 0 ? Md5($"{ha1}:{_nonce}:{ha2}") : Md5($"{ha1}:{_nonce}:{Field("nc")}:{Field("cnonce")}:{qop}:{ha2}");
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

#pragma warning disable CA5351 // MD5 is what RTSP cameras speak.
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}
