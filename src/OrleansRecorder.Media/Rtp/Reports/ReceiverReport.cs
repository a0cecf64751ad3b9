using System.Buffers.Binary;
using System.Buffers.Text;
using OrleansRecorder.Media.Rtp.Reception;

namespace OrleansRecorder.Media.Rtp.Reports;

/// <summary>Our report on one sender, with our name (RFC 3550, 6.4.2 and 6.5).</summary>
internal static class ReceiverReport
{
    /// <summary>Bytes of it.</summary>
    public const int Size = ReportSize + NameSize;

    private const int ReportSize = 32;

    // Header, SSRC, then the item: type, length, 17 characters, and zeros up to a multiple of 4.
    private const int NameSize = 8 + 20;
    private const byte CanonicalName = 1;

    /// <summary>Writes a report of <see cref="Size"/> bytes.</summary>
    /// <param name="destination">Takes it.</param>
    /// <param name="receiver">Our SSRC.</param>
    /// <param name="source">The sender's.</param>
    /// <param name="statistics">What to report.</param>
    /// <param name="lastReport">The middle 32 bits of the NTP time of the sender's last report, or 0.</param>
    /// <param name="sinceReport">How long ago that came.</param>
    public static void Write(Span<byte> destination, uint receiver, uint source, ReceptionStatistics statistics, uint lastReport, TimeSpan sinceReport)
    {
        WriteHeader(destination, 0x81, 201, ReportSize);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], receiver);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], source);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], (uint)statistics.CumulativeLost & 0xFFFFFF);
        destination[12] = statistics.TakeFractionLost();
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], statistics.ExtendedHighest);
        BinaryPrimitives.WriteUInt32BigEndian(destination[20..], statistics.Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(destination[24..], lastReport);
        BinaryPrimitives.WriteUInt32BigEndian(destination[28..], lastReport == 0 ? 0 : (uint)Math.Clamp(sinceReport.TotalSeconds * 65536, 0, uint.MaxValue));

        var name = destination.Slice(ReportSize, NameSize);
        name.Clear();
        WriteHeader(name, 0x81, 202, NameSize);
        BinaryPrimitives.WriteUInt32BigEndian(name[4..], receiver);
        name[8] = CanonicalName;
        name[9] = 17;
        Utf8Formatter.TryFormat(receiver, name[10..], out _, new System.Buffers.StandardFormat('x', 8));
        "@recorder"u8.CopyTo(name[18..]);
    }

    private static void WriteHeader(Span<byte> packet, byte first, byte type, int size)
    {
        packet[0] = first;
        packet[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)((size / 4) - 1));
    }
}
