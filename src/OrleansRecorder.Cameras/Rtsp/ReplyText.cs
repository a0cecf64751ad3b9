using System.Text;

namespace OrleansRecorder.Cameras.Rtsp;

/// <summary>Puts an answer into words (RFC 2326 section 7), in a camera's own style.</summary>
internal static class ReplyText
{
    /// <param name="quirks">The camera's style.</param>
    /// <param name="sequence">The CSeq of the request, or null.</param>
    /// <param name="status">Code and phrase.</param>
    /// <param name="headers">Lines that end with CR LF, or nothing.</param>
    /// <param name="body">A session description, or nothing.</param>
    public static byte[] Of(ReplyQuirks quirks, string? sequence, string status, string headers, string body)
    {
        var header = new StringBuilder($"RTSP/1.0 {status}\r\nCSeq: {sequence}\r\nServer: OrleansRecorder cameras\r\n").Append(headers);
        if (body.Length > 0 && !quirks.OmitsContentType) header.Append("Content-Type: application/sdp\r\n");
        if (body.Length > 0) header.Append($"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n");
        var lines = header.Append("\r\n").ToString();
        if (quirks.LowersNames) lines = string.Join("\r\n", lines.Split("\r\n").Select(LowerName));
        if (quirks.TrailsBlanks) lines = string.Join("\r\n", lines.Split("\r\n").Select(line => line.Length == 0 ? line : line + "  "));
        if (quirks.EndsLinesWithLf) lines = lines.Replace("\r\n", "\n", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(lines + body);
    }

    private static string LowerName(string line)
    {
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        return colon < 0 ? line : line[..colon].ToLowerInvariant() + line[colon..];
    }
}
