using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OrleansRecorder.Media.Rtsp.Messages;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Rtsp.Authentication;

/// <summary>
/// Logs in with the strongest way that a server offers (RFC 2617, RFC 7616), from its first challenge on without being asked again. Never more than two
/// refused attempts in a row; for a keep-alive of a session that plays as many the first time, and one from then on until it is let in: cameras lock accounts.
/// </summary>
/// <param name="user">As the person wrote it, or null when the address has none.</param>
/// <param name="password">As the person wrote it, or null.</param>
/// <param name="clientNonce">Random text for each nonce of the server.</param>
internal sealed class RtspAuthenticator(string? user, string? password, Func<string> clientNonce)
{
    private const int MaxRefusals = 2;
    private readonly string? _user = user is null ? null : WireText.FromPerson(user);
    private readonly string _password = WireText.FromPerson(password ?? "");
    private Challenge? _challenge;
    private string _clientNonce = "";
    private int _count;
    private int _refusals;
    private bool _isInDoubt;

    /// <summary>The challenge that <see cref="Sign"/> answers now, or null before the first.</summary>
    public Challenge? Current => _challenge;

    /// <summary>The Authorization header of a request; null when nobody has asked for one.</summary>
    /// <param name="method">In capitals.</param>
    /// <param name="url">Exactly as in the request line.</param>
    public string? Sign(string method, string url)
    {
        if (_challenge is null || _user is null) return null;
        return _challenge.IsBasic
            ? "Basic " + Convert.ToBase64String(WireText.ToWire($"{_user}:{_password}"))
            : Digest(_challenge, method, url);
    }

    /// <summary>A request was refused with 401. Null: sign it again. Otherwise there is no use in going on.</summary>
    public SourceTrouble? OnRefused(RtspMessage reply, Challenge? signedFor)
    {
        if (signedFor is not null) _refusals++;
        var offers = Challenge.ReadAll(reply.All("WWW-Authenticate"));
        if (_user is null) return SourceTrouble.NoCredentials;
        if (_refusals >= MaxRefusals) return SourceTrouble.Rejected;
        var best = offers.Where(offer => offer.Algorithm is not null).MaxBy(offer => offer.Algorithm!.Strength);
        if (best is null && offers.Any(offer => offer.IsDigest)) return SourceTrouble.UnknownLogin;
        best ??= offers.FirstOrDefault(offer => offer.IsBasic);
        if (best is null) return offers.Count == 0 ? SourceTrouble.Rejected : SourceTrouble.UnknownLogin;
        if (signedFor is not null && best.IsBasic == signedFor.IsBasic && best.Nonce == signedFor.Nonce && !best.IsStale) return SourceTrouble.Rejected;
        Adopt(best);
        return null;
    }

    /// <summary>A signed request was let in; the reply may name the next nonce.</summary>
    public void OnAccepted(RtspMessage reply)
    {
        _refusals = 0;
        _isInDoubt = false;
        if (_challenge is not { IsDigest: true } || reply.Header("Authentication-Info") is not { } info) return;
        if (Challenge.ReadAll(["Digest " + info]).FirstOrDefault()?["nextnonce"] is { Length: > 0 } next && next != _challenge.Nonce) Adopt(_challenge.WithNonce(next));
    }

    /// <summary>Whether a reply offers a way to log in that is known here.</summary>
    public static bool CanAnswer(RtspMessage reply) => Challenge.ReadAll(reply.All("WWW-Authenticate")).Exists(offer => offer.IsBasic || offer.Algorithm is not null);

    /// <summary>
    /// The password was right once: refusals are counted from here on. When it was not taken the last time, with a new challenge neither, the next request goes out
    /// unsigned, which is no attempt to log in, and only the challenge that it brings is answered: an old one might be refused for its age alone.
    /// </summary>
    public void BeginAnew()
    {
        _isInDoubt |= _refusals >= MaxRefusals;
        _refusals = 0;
        if (_isInDoubt) _challenge = null;
    }

    /// <summary>A client nonce that nobody can guess.</summary>
    public static string RandomNonce() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    private void Adopt(Challenge challenge)
    {
        _challenge = challenge;
        _clientNonce = clientNonce();
        _count = 0;
    }

    private string Digest(Challenge challenge, string method, string url)
    {
        var algorithm = challenge.Algorithm!;
        var realm = challenge["realm"] ?? "";
        var secret = algorithm.Hash($"{_user}:{Unescape(realm)}:{_password}");
        if (algorithm.IsSession) secret = algorithm.Hash($"{secret}:{challenge.Nonce}:{_clientNonce}");
        var request = algorithm.Hash($"{method}:{url}");
        var count = (++_count).ToString("x8", CultureInfo.InvariantCulture);
        var hasQuality = challenge.HasAuthQuality;
        var response = algorithm.Hash(hasQuality ? $"{secret}:{challenge.Nonce}:{count}:{_clientNonce}:auth:{request}" : $"{secret}:{challenge.Nonce}:{request}");

        var text = new StringBuilder("Digest ");
        text.Append(CultureInfo.InvariantCulture, $"username=\"{Escape(_user!)}\", realm=\"{realm}\", nonce=\"{challenge.Nonce}\", uri=\"{url}\", response=\"{response}\"");
        if (!algorithm.IsDefault) text.Append(", algorithm=").Append(algorithm.Name);
        if (challenge["opaque"] is { } opaque) text.Append(", opaque=\"").Append(opaque).Append('"');
        if (hasQuality) text.Append(", qop=auth, nc=").Append(count);
        if (hasQuality || algorithm.IsSession) text.Append(", cnonce=\"").Append(_clientNonce).Append('"');
        return text.ToString();
    }

    private static string Escape(string text) => text.Replace("\\", "\\\\").Replace("\"", "\\\"");

    private static string Unescape(string text)
    {
        if (!text.Contains('\\')) return text;
        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length) i++;
            plain.Append(text[i]);
        }

        return plain.ToString();
    }
}
