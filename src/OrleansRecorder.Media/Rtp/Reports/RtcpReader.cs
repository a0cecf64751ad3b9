using System.Buffers.Binary;

namespace OrleansRecorder.Media.Rtp.Reports;

/// <summary>Walks the packets of a compound RTCP packet (RFC 3550, 6.1); ends at the first that is cut off or none.</summary>
internal ref struct RtcpReader(ReadOnlySpan<byte> data)
{
    private const int SenderReport = 200;
    private const int Goodbye = 203;
    private ReadOnlySpan<byte> _rest = data;
    private ReadOnlySpan<byte> _packet;

    /// <summary>The packet says goodbye (6.6).</summary>
    public readonly bool IsBye => _packet[1] == Goodbye;

    /// <summary>The packet is a whole sender report (6.4.1).</summary>
    public readonly bool IsSenderReport => _packet[1] == SenderReport && _packet.Length >= 28;

    /// <summary>Who sends it; 0 in a goodbye that names nobody.</summary>
    public readonly uint Source => _packet.Length >= 8 ? BinaryPrimitives.ReadUInt32BigEndian(_packet[4..]) : 0;

    /// <summary>A sender report's time, seconds since 1900 in the upper 32 bits.</summary>
    public readonly ulong Ntp => BinaryPrimitives.ReadUInt64BigEndian(_packet[8..]);

    /// <summary>A sender report's RTP timestamp.</summary>
    public readonly uint Timestamp => BinaryPrimitives.ReadUInt32BigEndian(_packet[16..]);

    /// <summary>Whether a goodbye is that of a sender: it names it, or nobody.</summary>
    public readonly bool Names(uint source)
    {
        var count = _packet[0] & 0x1F;
        for (var i = 0; i < count && (i * 4) + 8 <= _packet.Length; i++)
        {
            if (BinaryPrimitives.ReadUInt32BigEndian(_packet[((i * 4) + 4)..]) == source) return true;
        }

        return count == 0;
    }

    /// <summary>Goes to the next packet.</summary>
    public bool MoveNext()
    {
        if (_rest.Length < 4 || _rest[0] >> 6 != 2) return false;
        var length = (BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]) + 1) * 4;
        if (length > _rest.Length) return false;
        _packet = _rest[..length];
        _rest = _rest[length..];
        return true;
    }
}
