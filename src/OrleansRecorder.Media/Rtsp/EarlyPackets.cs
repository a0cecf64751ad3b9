using System.Buffers;
using System.Buffers.Binary;

namespace OrleansRecorder.Media.Rtsp;

/// <summary>
/// Interleaved packets that come before the reply to PLAY, kept in their order: the first key frame is often among them. Beyond
/// <see cref="MaxBytes"/> they are dropped, which their sequence numbers show.
/// </summary>
internal sealed class EarlyPackets
{
    /// <summary>A key frame of a large picture.</summary>
    public const int MaxBytes = 2 << 20;

    private const int Header = 3;
    private ArrayBufferWriter<byte>? _packets;

    /// <summary>Keeps one; false when there is no room.</summary>
    public bool Add(byte channel, ReadOnlySpan<byte> packet)
    {
        _packets ??= new ArrayBufferWriter<byte>();
        if (_packets.WrittenCount + Header + packet.Length > MaxBytes) return false;
        var header = _packets.GetSpan(Header);
        header[0] = channel;
        BinaryPrimitives.WriteUInt16BigEndian(header[1..], (ushort)packet.Length);
        _packets.Advance(Header);
        _packets.Write(packet);
        return true;
    }

    /// <summary>Takes out what was kept: for each packet its channel, its length in two bytes, and itself.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        var packets = _packets;
        _packets = null;
        return packets?.WrittenMemory ?? default;
    }

    /// <summary>The first of the packets that <see cref="Take"/> gave, and moves the data to behind it.</summary>
    public static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> packets, out byte channel)
    {
        channel = packets[0];
        var length = BinaryPrimitives.ReadUInt16BigEndian(packets[1..]);
        var packet = packets.Slice(Header, length);
        packets = packets[(Header + length)..];
        return packet;
    }
}
