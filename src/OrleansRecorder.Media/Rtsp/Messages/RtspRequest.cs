using System.Text;

namespace OrleansRecorder.Media.Rtsp.Messages;

/// <summary>A request of ours that waits for its reply.</summary>
internal sealed class RtspRequest
{
    private const string Agent = "OrleansRecorder";

    /// <summary>In capitals.</summary>
    public required string Method { get; init; }

    /// <summary>As it stands in the request line, <see cref="WireText"/> without credentials.</summary>
    public required string Url { get; init; }

    /// <summary>Further headers, in their order.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>CSeq, counted from 1 in each connection.</summary>
    public int SequenceNumber { get; set; }

    /// <summary>The challenge that its Authorization answers, or null when it has none.</summary>
    public Authentication.Challenge? SignedFor { get; set; }

    /// <summary>Its bytes. CSeq in exactly this case and a User-Agent always: there are cameras that want them.</summary>
    public byte[] Write(string? authorization, string? session)
    {
        var text = new StringBuilder();
        text.Append(Method).Append(' ').Append(Url).Append(" RTSP/1.0\r\n");
        text.Append("CSeq: ").Append(SequenceNumber).Append("\r\n");
        text.Append("User-Agent: ").Append(Agent).Append("\r\n");
        if (authorization is not null) text.Append("Authorization: ").Append(authorization).Append("\r\n");
        if (session is not null) text.Append("Session: ").Append(session).Append("\r\n");
        foreach (var (name, value) in Headers) text.Append(name).Append(": ").Append(value).Append("\r\n");
        return WireText.ToWire(text.Append("\r\n").ToString());
    }
}
