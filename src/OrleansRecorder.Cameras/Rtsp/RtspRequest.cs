using System.Globalization;
using System.Text;

namespace OrleansRecorder.Cameras.Rtsp;

/// <summary>A client's request (RFC 2326 section 6).</summary>
internal sealed class RtspRequest
{
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);

    private RtspRequest(string method, string url)
    {
        Method = method;
        Url = url;
    }

    /// <summary>Upper case by the standard; kept as sent.</summary>
    public string Method { get; }

    /// <summary>Byte for byte as sent.</summary>
    public string Url { get; }

    /// <summary>The header's value, trimmed, or null.</summary>
    public string? this[string header] => _headers.GetValueOrDefault(header);

    /// <summary>Bytes that follow the header; null when the header says nonsense.</summary>
    public int? ContentLength =>
        this["Content-Length"] is not { } text ? 0 : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;

    /// <summary>The camera's number in <c>/cam/7</c> and <c>/cam/7/track1</c>, or null.</summary>
    public int? Camera => Segments() is ["cam", var number, ..] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;

    /// <summary>All headers.</summary>
    public IReadOnlyDictionary<string, string> Headers => _headers;

    /// <summary>Reads request line and header lines; null when they are no RTSP request.</summary>
    public static RtspRequest? Parse(ReadOnlySpan<byte> header)
    {
        var lines = Encoding.UTF8.GetString(header).Split('\n');
        var first = lines[0].Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (first is not [var method, var url, "RTSP/1.0"]) return null;

        var request = new RtspRequest(method, url);
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':');
            if (colon > 0) request._headers[line[..colon].Trim()] = line[(colon + 1)..].Trim();
        }

        return request;
    }

    private string[] Segments()
    {
        var scheme = Url.IndexOf("://", StringComparison.Ordinal);
        var path = scheme < 0 ? 0 : Url.IndexOf('/', scheme + 3);
        if (path < 0) return [];
        var query = Url.IndexOf('?', path);
        return Url[path..(query < 0 ? Url.Length : query)].Split('/', StringSplitOptions.RemoveEmptyEntries);
    }
}
