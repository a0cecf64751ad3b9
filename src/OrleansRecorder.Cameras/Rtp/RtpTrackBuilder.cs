using System.Buffers.Binary;

namespace OrleansRecorder.Cameras.Rtp;

/// <summary>Collects the packets of a track, unit by unit.</summary>
internal sealed class RtpTrackBuilder(int payloadType, int clockRate, int expectedBytes, bool hasExtension = false)
{
    /// <summary>The RTP payload of a packet is at most this long, so that a UDP datagram fits an Ethernet frame.</summary>
    public const int MaximumPayload = 1400;

    /// <summary>Bytes of TCP framing before each packet.</summary>
    public const int FramingSize = 4;

    /// <summary>Bytes of the RTP header.</summary>
    public const int HeaderSize = 12;

    // A profile of ONVIF's replays, one word that means nothing.
    private static readonly byte[] Extension = [0xAB, 0xAC, 0, 1, 0, 0, 0, 0];

    private readonly List<RtpUnit> _units = [];
    private byte[] _data = new byte[expectedBytes];
    private int _length;

    /// <summary>All packets so far, and some room.</summary>
    public byte[] Data => _data;

    /// <summary>All units so far.</summary>
    public RtpUnit[] Units => [.. _units];

    /// <summary>Begins a unit; the packets that follow belong to it.</summary>
    /// <param name="timestamp">RTP timestamp from the start of the clip.</param>
    /// <param name="isKey">Whether decoding can start here.</param>
    /// <param name="due">When it is sent, in the same units; null: then.</param>
    public void BeginUnit(long timestamp, bool isKey, long? due = null) =>
        _units.Add(new RtpUnit(_length, 0, 0, timestamp, (due ?? timestamp) * TimeSpan.TicksPerSecond / clockRate, isKey));

    /// <summary>Adds a packet whose payload is <paramref name="head"/> and <paramref name="body"/>.</summary>
    public void AddPacket(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, bool marker)
    {
        var header = FramingSize + HeaderSize + (hasExtension ? Extension.Length : 0);
        var size = header + head.Length + body.Length;
        if (_length + size > _data.Length) Array.Resize(ref _data, Math.Max(_data.Length * 3 / 2, _length + size));
        var packet = _data.AsSpan(_length, size);
        packet[0] = (byte)'$';
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)(size - FramingSize));
        packet[4] = (byte)(hasExtension ? 0x90 : 0x80);
        packet[5] = (byte)((marker ? 0x80 : 0) | payloadType);
        if (hasExtension) Extension.CopyTo(packet[(FramingSize + HeaderSize)..]);
        head.CopyTo(packet[header..]);
        body.CopyTo(packet[(header + head.Length)..]);

        var unit = _units[^1];
        _units[^1] = unit with { Length = unit.Length + size, Packets = unit.Packets + 1 };
        _length += size;
    }
}
