using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace OrleansRecorder;

/// <summary>
/// A stream's address, kept byte for byte for the wire: <see cref="Uri"/> lower-cases, folds and re-encodes, and throws on the raw
/// <c>@ # /</c> that camera passwords hold. Credentials end at the last <c>@</c> of the authority.
/// </summary>
public sealed partial class StreamUrl
{
    private StreamUrl(string original, string scheme, string? userInfo, HostAndPort server, string pathAndQuery)
    {
        Original = original;
        Scheme = scheme;
        (User, Password) = userInfo is null ? (null, null) : SplitUserInfo(userInfo);
        Host = server.Host;
        Port = server.Port;
        PathAndQuery = pathAndQuery;
        RequestUrl = $"{scheme}://{server.Text}{pathAndQuery}";
        PathWithoutCredentials = PasswordParameter().Replace(pathAndQuery, "$1***");
        WithoutCredentials = $"{scheme}://{server.Text}{PathWithoutCredentials}";
    }

    /// <summary>As configured, credentials included. Never logged.</summary>
    public string Original { get; }

    /// <summary>Lower case, such as <c>rtsp</c> or <c>rtsps</c>.</summary>
    public string Scheme { get; }

    /// <summary>Percent-decoded user name, or null.</summary>
    public string? User { get; }

    /// <summary>Percent-decoded password, or null.</summary>
    public string? Password { get; }

    /// <summary>Name or address as written, IPv6 in brackets; empty for <c>file</c>.</summary>
    public string Host { get; }

    /// <summary>1 to 65535 as written, or null for the scheme's own.</summary>
    public int? Port { get; }

    /// <summary>Who limits its sessions: host and port in lower case, the scheme's port when none is written; null for an address without a host.</summary>
    public string? Server => Host.Length == 0 ? null : $"{Host.ToLowerInvariant()}:{Port ?? DefaultPort}";

    /// <summary>Everything after the authority as written; may be empty. Not for logs, as little as <see cref="RequestUrl"/>.</summary>
    public string PathAndQuery { get; }

    /// <summary>The end of <see cref="WithoutCredentials"/>: <see cref="PathAndQuery"/> with password parameters masked.</summary>
    public string PathWithoutCredentials { get; }

    /// <summary>
    /// The address for request lines: as configured, without user name and password. Not for logs: some cameras take the password as a
    /// parameter of the path or the query.
    /// </summary>
    public string RequestUrl { get; }

    /// <summary>The address that may be shown, logged, reported and used as a grain key: <see cref="RequestUrl"/> with password parameters masked.</summary>
    public string WithoutCredentials { get; }

    /// <summary>Splits an absolute address; false when it has no scheme, no host or no valid port, or holds blanks.</summary>
    public static bool TryParse(string? text, out StreamUrl url)
    {
        url = null!;
        if (string.IsNullOrEmpty(text) || text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))) return false;
        var schemeEnd = text.IndexOf("://", StringComparison.Ordinal);
        if (schemeEnd <= 0 || !char.IsAsciiLetter(text[0]) || !text[..schemeEnd].All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.')) return false;

        var scheme = text[..schemeEnd].ToLowerInvariant();
        var rest = text[(schemeEnd + 3)..];
        var (at, end) = FindAuthority(rest);
        var server = HostAndPort.Parse(rest[(at + 1)..end]);
        if (server is null && scheme == "file" && end == 0) server = new HostAndPort("", "", null, Certainty.None);
        if (server is null) return false;

        url = new StreamUrl(text, scheme, at < 0 ? null : rest[..at], server, rest[end..]);
        return true;
    }

    private int DefaultPort => Scheme switch
    {
        "rtsps" => 322,
        "http" => 80,
        "https" => 443,
        "rtmp" => 1935,
        _ => 554,
    };

    /// <inheritdoc cref="WithoutCredentials"/>
    public override string ToString() => WithoutCredentials;

    /// <summary>
    /// Where the credentials (-1: none) and the authority end. By the standard the authority ends at the first <c>/ ? #</c>, but passwords hold these raw.
    /// So when what stands before it does not look like a host for certain, and one follows after a later <c>@</c>, that one is the host.
    /// </summary>
    private static (int At, int End) FindAuthority(string rest)
    {
        var end = IndexOfDelimiter(rest, 0);
        var at = rest.AsSpan(0, end).LastIndexOf('@');
        var standard = HostAndPort.Parse(rest[(at + 1)..end]);
        var needed = standard switch
        {
            null => Certainty.Possible,
            { Certainty: > Certainty.Possible } => Certainty.None,
            _ when at >= 0 => Certainty.Name,
            // admin:12/34@10.0.0.1: the user looks like a host and the password like a port.
            { Port: not null } => Certainty.Address,
            _ => Certainty.None,
        };
        if (needed == Certainty.None) return (at, end);

        var later = LaterHosts(rest, end).Where(c => c.Certainty >= needed).ToList();
        return later.Count == 0 ? (at, end) : later.Where(c => c.Certainty > Certainty.Possible).Append(later[0]).Select(c => (c.At, c.End)).First();
    }

    private static IEnumerable<(int At, int End, Certainty Certainty)> LaterHosts(string rest, int from)
    {
        for (var at = rest.IndexOf('@', from); at >= 0; at = rest.IndexOf('@', at + 1))
        {
            // ?user=a@b.com is a query, not a password.
            if (rest.AsSpan(from, at - from) is var before && before.IndexOf('?') is >= 0 and var query && before[query..].Contains('=')) yield break;
            var end = IndexOfDelimiter(rest, at);
            if (HostAndPort.Parse(rest[(at + 1)..end]) is { } server) yield return (at, end, server.Certainty);
        }
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

    [GeneratedRegex("(?<![a-z])((?:password|passwd|passwort|pass|pwd)=)[^&;/?#]+?(?=[&;/?#]|_[a-z]+=|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PasswordParameter();

    /// <summary>How certain it is that a text is a host, from its form alone.</summary>
    private enum Certainty
    {
        None,
        Possible,
        Name,
        Address,
    }

    private sealed record HostAndPort(string Text, string Host, int? Port, Certainty Certainty)
    {
        public static HostAndPort? Parse(string text)
        {
            var hostEnd = text.StartsWith('[') ? text.IndexOf(']') + 1 : text.IndexOf(':') is >= 0 and var colon ? colon : text.Length;
            var host = text[..hostEnd];
            var certainty = CertaintyOf(host);
            if (certainty == Certainty.None) return null;
            if (hostEnd == text.Length) return new HostAndPort(text, host, null, certainty);
            return text[hostEnd] == ':' && int.TryParse(text.AsSpan(hostEnd + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535
                ? new HostAndPort(text, host, port, certainty)
                : null;
        }

        private static Certainty CertaintyOf(string host)
        {
            if (host.StartsWith('[')) return IsAddress(host.Trim('[', ']').Replace("%25", "%"), AddressFamily.InterNetworkV6) ? Certainty.Address : Certainty.None;
            var labels = host.Split('.');
            if (host.Length == 0 || !host.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.')) return Certainty.None;
            if (labels.Length == 4 && IsAddress(host, AddressFamily.InterNetwork)) return Certainty.Address;
            var isName = labels.Length > 1 && labels.All(l => l.Length > 0) && char.IsLetter(labels[^1][0]);
            return isName || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? Certainty.Name : Certainty.Possible;
        }

        private static bool IsAddress(string text, AddressFamily family) => IPAddress.TryParse(text, out var address) && address.AddressFamily == family;
    }
}
