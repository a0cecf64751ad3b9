namespace OrleansRecorder;

/// <summary>
/// A stream's address, kept byte for byte for the wire: <see cref="Uri"/> lower-cases, folds and re-encodes, and throws on the raw
/// <c>@ # /</c> that camera passwords hold. Credentials end at the last <c>@</c> of the authority.
/// </summary>
public sealed class StreamUrl
{
    private StreamUrl(string original, string scheme, string? user, string? password, string host, int? port, string pathAndQuery)
    {
        Original = original;
        Scheme = scheme;
        User = user;
        Password = password;
        Host = host;
        Port = port;
        PathAndQuery = pathAndQuery;
        WithoutCredentials = $"{scheme}://{host}{(port is null ? "" : ":" + port)}{pathAndQuery}";
    }

    /// <summary>As configured, credentials included. Never logged.</summary>
    public string Original { get; }

    /// <summary>Lower case, such as <c>rtsp</c> or <c>rtsps</c>.</summary>
    public string Scheme { get; }

    /// <summary>Percent-decoded user name, or null.</summary>
    public string? User { get; }

    /// <summary>Percent-decoded password, or null.</summary>
    public string? Password { get; }

    /// <summary>Name or address as written, IPv6 in brackets.</summary>
    public string Host { get; }

    /// <summary>1 to 65535 as written, or null for the scheme's own.</summary>
    public int? Port { get; }

    /// <summary>Everything after the authority as written; may be empty.</summary>
    public string PathAndQuery { get; }

    /// <summary>The address that may be shown, logged, reported and used as a grain key.</summary>
    public string WithoutCredentials { get; }

    /// <summary>Splits an absolute address; false when it has no scheme, no host or no valid port.</summary>
    public static bool TryParse(string? text, out StreamUrl url)
    {
        url = null!;
        if (string.IsNullOrWhiteSpace(text) || text.AsSpan().IndexOfAny(' ', '\r', '\n') >= 0) return false;
        var schemeEnd = text.IndexOf("://", StringComparison.Ordinal);
        if (schemeEnd <= 0 || !text.AsSpan(0, schemeEnd).ToString().All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.')) return false;

        var rest = text[(schemeEnd + 3)..];
        var authorityEnd = AuthorityEnd(rest);
        var authority = rest[..authorityEnd];
        var at = authority.LastIndexOf('@');
        var (user, password) = at < 0 ? (null, null) : SplitUserInfo(authority[..at]);
        if (!TrySplitHostAndPort(authority[(at + 1)..], out var host, out var port)) return false;

        url = new StreamUrl(text, text[..schemeEnd].ToLowerInvariant(), user, password, host, port, rest[authorityEnd..]);
        return true;
    }

    /// <inheritdoc cref="WithoutCredentials"/>
    public override string ToString() => WithoutCredentials;

    // A raw '/', '?' or '#' in a password looks like the end of the authority. What stands before it then is no host and port,
    // and an '@' follows.
    private static int AuthorityEnd(string rest)
    {
        var end = IndexOfDelimiter(rest, 0);
        while (end < rest.Length && !rest.AsSpan(0, end).Contains('@') && !TrySplitHostAndPort(rest[..end], out _, out _))
        {
            var at = rest.IndexOf('@', end);
            if (at < 0) break;
            end = IndexOfDelimiter(rest, at);
        }

        return end;
    }

    private static int IndexOfDelimiter(string text, int from)
    {
        var at = text.AsSpan(from).IndexOfAny('/', '?', '#');
        return at < 0 ? text.Length : from + at;
    }

    private static (string User, string? Password) SplitUserInfo(string userInfo)
    {
        var colon = userInfo.IndexOf(':');
        return colon < 0
            ? (Uri.UnescapeDataString(userInfo), null)
            : (Uri.UnescapeDataString(userInfo[..colon]), Uri.UnescapeDataString(userInfo[(colon + 1)..]));
    }

    private static bool TrySplitHostAndPort(string text, out string host, out int? port)
    {
        port = null;
        host = text;
        var colon = text.LastIndexOf(':');
        if (text.StartsWith('['))
        {
            var close = text.IndexOf(']');
            if (close < 0 || (close + 1 < text.Length && text[close + 1] != ':')) return false;
            if (colon < close) colon = -1;
        }
        else if (colon != text.IndexOf(':'))
        {
            return false;
        }

        if (colon >= 0)
        {
            host = text[..colon];
            if (!int.TryParse(text.AsSpan(colon + 1), System.Globalization.NumberStyles.None, null, out var number) || number is < 1 or > 65535) return false;
            port = number;
        }

        return host.Length > 0;
    }
}
