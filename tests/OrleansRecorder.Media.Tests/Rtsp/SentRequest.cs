using System.Text;

namespace OrleansRecorder.Media.Tests.Rtsp;

/// <summary>A request as it went over the wire.</summary>
internal sealed record SentRequest(int Connection, string Text)
{
    private readonly string[] _lines = Text.Split("\r\n");

    public string Line => _lines[0];

    public string Method => Line.Split(' ')[0];

    public string Url => Line.Split(' ')[1];

    public string? this[string header] => _lines.Skip(1).Where(line => line.StartsWith(header + ": ", StringComparison.Ordinal)).Select(line => line[(header.Length + 2)..]).FirstOrDefault();

    public override string ToString() => $"{Connection} {Text}";

    public static IEnumerable<SentRequest> Split(int connection, StringBuilder sent)
    {
        for (var end = sent.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal); end >= 0; end = sent.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal))
        {
            var text = sent.ToString(0, end + 2);
            sent.Remove(0, end + 4);
            yield return new SentRequest(connection, text);
        }
    }
}
