using System.Buffers.Binary;

namespace OrleansRecorder.Media.Rtp;

/// <summary>An RTP packet (RFC 3550, 5.1), read where it lies; extensions and contributing sources are passed over.</summary>
internal readonly ref struct RtpPacket
{
    private const int HeaderSize = 12;

    /// <summary>0 to 127.</summary>
    public int PayloadType { get; private init; }

    /// <summary>A hint that a picture ends or a talk begins.</summary>
    public bool Marker { get; private init; }

    /// <summary>Goes up by one a packet, around.</summary>
    public ushort Sequence { get; private init; }

    /// <summary>In units of the media's clock, around.</summary>
    public uint Timestamp { get; private init; }

    /// <summary>SSRC.</summary>
    public uint Source { get; private init; }

    /// <summary>What is left without padding; may be empty.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Reads a packet. False when it is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out RtpPacket packet)
    {
        packet = default;
        if (data.Length < HeaderSize || data[0] >> 6 != 2) return false;
        var payload = HeaderSize + ((data[0] & 0x0F) * 4);
        if ((data[0] & 0x10) != 0)
        {
            if (data.Length < payload + 4) return false;
            payload += 4 + (BinaryPrimitives.ReadUInt16BigEndian(data[(payload + 2)..]) * 4);
        }

        var end = (data[0] & 0x20) != 0 ? data.Length - data[^1] : data.Length;
        if (end < payload) return false;
        packet = new RtpPacket
        {
            Marker = (data[1] & 0x80) != 0,
            PayloadType = data[1] & 0x7F,
            Sequence = BinaryPrimitives.ReadUInt16BigEndian(data[2..]),
            Timestamp = BinaryPrimitives.ReadUInt32BigEndian(data[4..]),
            Source = BinaryPrimitives.ReadUInt32BigEndian(data[8..]),
            Payload = data[payload..end],
        };
        return true;
    }

    /// <summary>Whether a packet is RTCP, whatever way it came (RFC 5761, 4): cameras swap the two channels.</summary>
    public static bool IsRtcp(ReadOnlySpan<byte> data) => data.Length >= 4 && data[0] >> 6 == 2 && data[1] is >= 200 and <= 207;
}
