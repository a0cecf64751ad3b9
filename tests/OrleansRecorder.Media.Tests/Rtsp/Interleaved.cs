using System.Text;

namespace OrleansRecorder.Media.Tests.Rtsp;

/// <summary>Interleaved packets as text, a character for each byte.</summary>
internal static class Interleaved
{
    /// <summary>An RTP packet with a readable payload.</summary>
    public static string Rtp(string payload, byte payloadType = 96, uint timestamp = 0, ushort sequence = 1) => Encoding.Latin1.GetString(
        [0x80, payloadType, (byte)(sequence >> 8), (byte)sequence, (byte)(timestamp >> 24), (byte)(timestamp >> 16), (byte)(timestamp >> 8), (byte)timestamp, 1, 2, 3, 4]) + payload;

    /// <summary>An RTCP packet of this type.</summary>
    public static string Rtcp(byte type) => Encoding.Latin1.GetString([0x80, type, 0, 1, 1, 2, 3, 4]);

    /// <summary>A packet in its frame (RFC 2326, 10.12).</summary>
    public static string Frame(byte channel, string packet) => "$" + (char)channel + (char)(packet.Length >> 8) + (char)(packet.Length & 0xFF) + packet;
}
