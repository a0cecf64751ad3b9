using System.Globalization;

namespace OrleansRecorder.Media.Rtsp.Messages;

/// <summary>A reply, or a request of the server (RFC 2326, 6 and 7), as <see cref="WireText"/>.</summary>
internal sealed class RtspMessage
{
    private readonly List<(string Name, string Value)> _headers = [];

    /// <summary>100 to 599; 0 for a request.</summary>
    public int Status { get; init; }

    /// <summary>The method of a request; "" for a reply.</summary>
    public string Method { get; init; } = "";

    /// <summary>May be empty.</summary>
    public byte[] Body { get; set; } = [];

    /// <summary>The number that ties a reply to its request, or null when there is none that can be read.</summary>
    public long? SequenceNumber => Number("CSeq");

    /// <summary>The first header of this name, trimmed, or null.</summary>
    public string? Header(string name) => All(name).FirstOrDefault();

    /// <summary>All headers of this name, in any case, in their order.</summary>
    public IEnumerable<string> All(string name) => _headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value);

    /// <summary>The first header of this name that is a whole number.</summary>
    public long? Number(string name)
    {
        foreach (var value in All(name))
        {
            if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        }

        return null;
    }

    /// <summary>Adds a header line; one that begins with a blank and names no header goes on with the header before it.</summary>
    public void AddLine(string line)
    {
        var colon = line.IndexOf(':');
        var name = colon < 0 ? "" : line[..colon].Trim();
        var isHeader = name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
        if (isHeader) _headers.Add((name, line[(colon + 1)..].Trim()));
        else if (line[0] is ' ' or '\t' && _headers.Count > 0) _headers[^1] = (_headers[^1].Name, _headers[^1].Value + " " + line.Trim());
    }
}
