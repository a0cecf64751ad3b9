namespace OrleansRecorder.Media.Rtsp.Authentication;

/// <summary>One way to log in that a server offers (RFC 7235, 4.1; RFC 7616, 3.3).</summary>
internal sealed class Challenge
{
    private readonly Dictionary<string, string> _parameters = new(StringComparer.OrdinalIgnoreCase);

    private Challenge(string scheme) => Scheme = scheme;

    /// <summary><c>Basic</c>, <c>Digest</c>, or something else, in any case.</summary>
    public string Scheme { get; }

    /// <summary>The hash of a digest; null for what is no digest, or one that we cannot make.</summary>
    public DigestAlgorithm? Algorithm => IsDigest ? DigestAlgorithm.Named(this["algorithm"]) : null;

    /// <summary>Whether it is a digest, of whatever hash.</summary>
    public bool IsDigest => Scheme.Equals("Digest", StringComparison.OrdinalIgnoreCase) && this["nonce"] is not null;

    /// <summary>Whether the password is to be sent as it is.</summary>
    public bool IsBasic => Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase);

    /// <summary>The server's random text; "" for Basic.</summary>
    public string Nonce => this["nonce"] ?? "";

    /// <summary>The password was right, only the nonce is too old.</summary>
    public bool IsStale => string.Equals(this["stale"], "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The server understands qop=auth.</summary>
    public bool HasAuthQuality => (this["qop"] ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Contains("auth", StringComparer.OrdinalIgnoreCase);

    /// <summary>A parameter without its quotes, escapes as they were sent; null when it is not there.</summary>
    public string? this[string name] => _parameters.GetValueOrDefault(name);

    /// <summary>The same with another nonce (Authentication-Info, RFC 7616, 3.5).</summary>
    public Challenge WithNonce(string nonce)
    {
        var copy = new Challenge(Scheme);
        foreach (var (name, value) in _parameters) copy._parameters[name] = value;
        copy._parameters["nonce"] = nonce;
        copy._parameters.Remove("stale");
        return copy;
    }

    /// <summary>Reads the WWW-Authenticate headers of a reply: several headers, or one list, with commas inside quotes.</summary>
    public static List<Challenge> ReadAll(IEnumerable<string> headers)
    {
        var challenges = new List<Challenge>();
        foreach (var header in headers) Read(header, challenges);
        return challenges;
    }

    private static void Read(string header, List<Challenge> challenges)
    {
        var at = 0;
        while (at < header.Length)
        {
            at = Skip(header, at, " \t,");
            var name = Token(header, ref at);
            if (name.Length == 0)
            {
                at++;
                continue;
            }

            var valueAt = Skip(header, at, " \t");
            if (valueAt < header.Length && header[valueAt] == '=')
            {
                at = Skip(header, valueAt + 1, " \t");
                var value = Value(header, ref at);
                if (challenges.Count > 0) challenges[^1]._parameters.TryAdd(name, value);
            }
            else
            {
                challenges.Add(new Challenge(name));
            }
        }
    }

    private static int Skip(string text, int at, string what)
    {
        while (at < text.Length && what.Contains(text[at])) at++;
        return at;
    }

    private static string Token(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && !" \t,=\"".Contains(text[at])) at++;
        return text[start..at];
    }

    private static string Value(string text, ref int at)
    {
        if (at >= text.Length || text[at] != '"') return Token(text, ref at);
        var start = ++at;
        while (at < text.Length && text[at] != '"') at += text[at] == '\\' && at + 1 < text.Length ? 2 : 1;
        var value = text[start..Math.Min(at, text.Length)];
        at++;
        return value;
    }
}
