using OrleansRecorder.Media.Rtsp.Messages;

namespace OrleansRecorder.Media.Rtsp;

/// <summary>
/// The addresses of request lines, as <see cref="WireText"/>: joined as text, since servers compare bytes and <see cref="Uri"/> changes them. They say what
/// is asked for, never where to connect.
/// </summary>
internal static class RtspUrls
{
    /// <summary>
    /// The address that the tracks' addresses are relative to (RFC 2326, C.1.1): Content-Base, else Content-Location, else what was asked for. Servers leave
    /// out the scheme, the host or everything.
    /// </summary>
    public static string Base(RtspMessage reply, string requested)
    {
        foreach (var header in (string?[])[reply.Header("Content-Base"), reply.Header("Content-Location")])
        {
            if (!string.IsNullOrWhiteSpace(header)) return Resolve(header, requested);
        }

        return requested;
    }

    /// <summary>An address that a server named, made absolute, for a request line: without credentials.</summary>
    public static string Resolve(string text, string requested) => WithoutUser(Absolute(text, requested));

    /// <summary>An address that a server named, made absolute: without scheme it has that of the request, without host its authority.</summary>
    public static string Absolute(string text, string requested)
    {
        text = Clean(text.Trim().Trim('"'));
        var scheme = requested[..(requested.IndexOf("://", StringComparison.Ordinal) + 3)];
        var authority = requested[..AuthorityEnd(requested)];
        if (IsAbsolute(text)) return text;
        if (text.StartsWith("//", StringComparison.Ordinal)) return scheme + text[2..];
        if (text.StartsWith('/')) return authority + text;
        return LooksLikeHost(text, authority[scheme.Length..]) ? scheme + text : authority + "/" + text;
    }

    /// <summary>The address of a track, most likely first; the second is for a server that does not know the first.</summary>
    /// <param name="aggregate">The address of the whole presentation.</param>
    /// <param name="control">The track's control attribute (RFC 2326, C.1.1), or null.</param>
    public static IReadOnlyList<string> Track(string aggregate, string? control)
    {
        var text = Clean(control?.Trim() ?? "");
        if (text.Length == 0 || text == "*") return [aggregate];
        if (IsAbsolute(text)) return [WithoutUser(text)];
        var joined = Join(aggregate, text);
        var query = aggregate.IndexOf('?');
        if (query >= 0) return [joined, Join(aggregate[..query], text) + aggregate[query..].TrimEnd('/')];
        if (text[0] == '?') return [joined, aggregate.TrimEnd('/') + text];
        return text[0] == '/' && aggregate[..AuthorityEnd(aggregate)] + text is var rooted && rooted != joined ? [joined, rooted] : [joined];
    }

    /// <summary>Whether it has a scheme: <c>stream:0</c> has none.</summary>
    public static bool IsAbsolute(string text)
    {
        var end = text.IndexOf("://", StringComparison.Ordinal);
        return end > 0 && text.AsSpan(0, end).IndexOfAnyExceptInRange('A', 'z') < 0;
    }

    private static string Join(string left, string right) => left.TrimEnd('/') + "/" + right.TrimStart('/');

    private static string WithoutUser(string url) => url.Contains('@') && StreamUrl.TryParse(WireText.ToPerson(url), out var parsed) && parsed.User is not null
        ? WireText.FromPerson(parsed.RequestUrl)
        : url;

    private static int AuthorityEnd(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = url.AsSpan(start).IndexOfAny('/', '?', '#');
        return end < 0 ? url.Length : start + end;
    }

    // 192.168.1.10:554/stream0/ or the very host that was asked; but live/stream is a path.
    private static bool LooksLikeHost(string text, string authority)
    {
        var end = text.AsSpan().IndexOfAny('/', '?', '#');
        var first = end < 0 ? text : text[..end];
        if (first.Equals(authority, StringComparison.OrdinalIgnoreCase)) return true;
        return StreamUrl.TryParse("rtsp://" + first, out var url) && (url.Port is not null || System.Net.IPAddress.TryParse(url.Host.Trim('[', ']'), out _) && url.Host.Contains('.'));
    }

    // A blank or a control character would end the request line where the server wants it to.
    private static string Clean(string text) => string.Concat(text.Select(c => c is <= ' ' or '\x7f' ? $"%{(int)c:X2}" : c.ToString()));
}
