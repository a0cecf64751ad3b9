using System.Text;

namespace OrleansRecorder.Media.Rtsp.Messages;

/// <summary>
/// Text of the wire, a character for each byte (Latin-1), so that what a server said goes back to it byte for byte whatever encoding it had in mind, and
/// digests are made over exactly the bytes that are sent.
/// </summary>
internal static class WireText
{
    /// <summary>What a person configured, in UTF-8.</summary>
    public static string FromPerson(string text) => FromWire(Encoding.UTF8.GetBytes(text));

    /// <summary>Bytes as they came.</summary>
    public static string FromWire(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>The bytes to send.</summary>
    public static byte[] ToWire(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>As a person would read it: UTF-8 where it is that.</summary>
    public static string ToPerson(string text) => Encoding.UTF8.GetString(ToWire(text));
}
