using System.Buffers.Binary;
using OrleansRecorder.Cameras.Clips;

namespace OrleansRecorder.Cameras.Rtp;

/// <summary>Turns JPEG pictures in a row into RTP packets (RFC 2435), with their quantization tables in the first packet of each (Q = 255).</summary>
internal static class JpegPacketizer
{
    private const int ClockRate = 90_000;
    private const int PayloadType = 26;
    private const int MainHeader = 8;

    // YUV 4:2:0 (section 4.1).
    private const byte Type = 1;
    private const byte TablesInBand = 255;

    /// <summary>Packetizes a clip; throws <see cref="InvalidDataException"/> when it is not what its format says.</summary>
    public static RtpTrack Packetize(ReadOnlySpan<byte> stream, ClipFormat format, Packetization how)
    {
        var builder = new RtpTrackBuilder(PayloadType, ClockRate, stream.Length * 11 / 10, how.HasHeaderExtension);
        var frames = 0;
        while (stream.Length > 0)
        {
            // Inside a scan FF is followed by 00 or a restart marker: the first FF D9 ends the picture.
            var end = stream.IndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) + 2;
            if (end < 2) throw new InvalidDataException("a picture has no end");
            builder.BeginUnit(format.TimeOf(frames++), isKey: true);
            AddPicture(builder, stream[..end], format, how.Size);
            stream = stream[end..];
        }

        if (frames != format.FrameCount) throw new InvalidDataException($"the clip has {frames} frames instead of {format.FrameCount}");
        return new RtpTrack
        {
            Media = "video",
            PayloadType = PayloadType,
            RtpMap = $"JPEG/{ClockRate}",
            FormatParameters = null,
            ClockRate = ClockRate,
            Seconds = format.Seconds,
            FrameRate = format.FrameRate,
            Data = builder.Data,
            Units = builder.Units
        };
    }

    private static void AddPicture(RtpTrackBuilder builder, ReadOnlySpan<byte> picture, ClipFormat format, int size)
    {
        var tables = new byte[128];
        var tableCount = 0;
        var at = 2;
        while (true)
        {
            var (marker, length) = (picture[at + 1], BinaryPrimitives.ReadUInt16BigEndian(picture[(at + 2)..]));
            var body = picture.Slice(at + 4, length - 2);
            at += 2 + length;
            if (marker == 0xDA) break;
            // DQT (ITU-T T.81 B.2.4.1): a byte of precision and number, then 64 values.
            for (; marker == 0xDB && body.Length > 64; body = body[65..]) body.Slice(1, 64).CopyTo(tables.AsSpan(64 * tableCount++));
        }

        if (tableCount == 1) tables.AsSpan(0, 64).CopyTo(tables.AsSpan(64));
        var scan = picture[at..^2];
        for (var offset = 0; offset < scan.Length;)
        {
            var header = Header(format, offset, offset == 0 ? tables : []);
            var part = scan[offset..Math.Min(scan.Length, offset + Math.Max(1, size - header.Length))];
            offset += part.Length;
            builder.AddPacket(header, part, marker: offset == scan.Length);
        }
    }

    // Section 3.1, and 3.1.8 with the tables.
    private static byte[] Header(ClipFormat format, int offset, byte[] tables)
    {
        var header = new byte[MainHeader + (tables.Length > 0 ? 4 + tables.Length : 0)];
        BinaryPrimitives.WriteUInt32BigEndian(header, (uint)offset);
        (header[4], header[5], header[6], header[7]) = (Type, TablesInBand, (byte)(format.Width / 8), (byte)(format.Height / 8));
        if (tables.Length == 0) return header;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(10), (ushort)tables.Length);
        tables.CopyTo(header.AsSpan(12));
        return header;
    }
}
