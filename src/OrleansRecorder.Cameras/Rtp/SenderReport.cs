using System.Buffers.Binary;

namespace OrleansRecorder.Cameras.Rtp;

/// <summary>The RTCP packet that ties RTP timestamps to wall time, with the source's name (RFC 3550 sections 6.4.1 and 6.5).</summary>
internal static class SenderReport
{
    /// <summary>Bytes of a report.</summary>
    public const int Size = 28 + 20;

    /// <summary>When NTP time is 0.</summary>
    public static readonly DateTimeOffset NtpEpoch = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes a report of <see cref="Size"/> bytes.</summary>
    public static void Write(Span<byte> report, uint source, DateTimeOffset now, uint timestamp, uint packets, uint octets)
    {
        var ticks = (now - NtpEpoch).Ticks;
        WriteHeader(report, 0x80, 200, 28);
        BinaryPrimitives.WriteUInt32BigEndian(report[4..], source);
        BinaryPrimitives.WriteUInt32BigEndian(report[8..], (uint)(ticks / TimeSpan.TicksPerSecond));
        BinaryPrimitives.WriteUInt32BigEndian(report[12..], (uint)(((ulong)(ticks % TimeSpan.TicksPerSecond) << 32) / TimeSpan.TicksPerSecond));
        BinaryPrimitives.WriteUInt32BigEndian(report[16..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(report[20..], packets);
        BinaryPrimitives.WriteUInt32BigEndian(report[24..], octets);

        var description = report.Slice(28, 20);
        description.Clear();
        WriteHeader(description, 0x81, 202, 20);
        BinaryPrimitives.WriteUInt32BigEndian(description[4..], source);
        description[8] = 1;
        description[9] = 6;
        "camera"u8.CopyTo(description[10..]);
    }

    private static void WriteHeader(Span<byte> packet, byte first, byte type, int size)
    {
        packet[0] = first;
        packet[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)((size / 4) - 1));
    }
}
