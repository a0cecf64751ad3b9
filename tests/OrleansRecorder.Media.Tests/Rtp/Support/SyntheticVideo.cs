using System.Buffers.Binary;
using OrleansRecorder.Cameras;
using OrleansRecorder.Cameras.Rtp;

namespace OrleansRecorder.Media.Tests.Rtp.Support;

/// <summary>A stream whose units have the headers of a codec and noise for a picture, packetized by the simulated cameras.</summary>
internal sealed class SyntheticVideo
{
    private const int FrameRate = 25;
    private readonly RtpTrack _track;

    public SyntheticVideo(bool isHevc, int seconds, int seed, int slices = 2, int keyInterval = 10)
    {
        IsHevc = isHevc;
        var random = new Random(seed);
        var stream = new MemoryStream();
        for (var number = 0; number < seconds * FrameRate; number++)
        {
            var isKey = number % keyInterval == 0;
            var sets = isKey ? Sets(random, number) : [];
            var units = Enumerable.Range(0, slices).Select(slice => Unit(random, SliceHeader(isKey), slice == 0, random.Next(10) == 0 ? 1 : random.Next(3, isKey ? 9000 : 4000))).ToList();
            foreach (var unit in sets.Concat(units)) stream.Write([0, 0, 0, 1, .. unit]);
            var stored = isHevc ? units : [.. sets, .. units];
            Pictures.Add(new Picture([.. stored.SelectMany(Prefixed)], isKey, number * 90000L / FrameRate, [.. sets.SelectMany(set => (byte[])[0, 0, 0, 1, .. set])]));
        }

        _track = VideoPacketizer.Packetize(stream.ToArray(), isHevc ? VideoCodec.H265 : VideoCodec.H264, FrameRate, seconds);
    }

    public bool IsHevc { get; }

    public string Encoding => IsHevc ? "H265" : "H264";

    public List<Picture> Pictures { get; } = [];

    /// <summary>All packets in order, with the picture that each belongs to; the sequence numbers go around.</summary>
    public List<(byte[] Data, int Picture)> Packets(ushort sequence = 65000, uint time = 0xFFFF0000, uint source = 7)
    {
        var packets = new List<(byte[], int)>();
        for (var number = 0; number < _track.Units.Length; number++)
        {
            var unit = _track.Units[number];
            for (var (at, i) = (unit.Offset, 0); i < unit.Packets; i++)
            {
                var length = BinaryPrimitives.ReadUInt16BigEndian(_track.Data.AsSpan(at + 2));
                var packet = _track.Data.AsSpan(at + 4, length).ToArray();
                BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequence++);
                BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), (uint)(time + Pictures[number].Time));
                BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), source);
                packets.Add((packet, number));
                at += 4 + length;
            }
        }

        return packets;
    }

    private byte[] SliceHeader(bool isKey) => IsHevc ? [(byte)((isKey ? 19 : 1) << 1), 1] : [(byte)(isKey ? 0x65 : 0x41)];

    private byte[][] Sets(Random random, int number) => IsHevc
        ? [Unit(random, [0x40, 1], true, 20), Unit(random, [0x42, 1], true, 30), Unit(random, [0x44, 1], true, 4 + (number % 3))]
        : [Unit(random, [0x67], true, 20), Unit(random, [0x68], true, 4 + (number % 3))];

    // No zeros: no start codes, and none to strip.
    private static byte[] Unit(Random random, byte[] header, bool isFirst, int length)
    {
        var unit = new byte[header.Length + length];
        for (var i = 0; i < unit.Length; i++) unit[i] = (byte)random.Next(1, 256);
        header.CopyTo(unit, 0);
        unit[header.Length] = (byte)((unit[header.Length] & 0x7F) | (isFirst ? 0x80 : 1));
        return unit;
    }

    private static byte[] Prefixed(byte[] unit)
    {
        var data = new byte[4 + unit.Length];
        BinaryPrimitives.WriteInt32BigEndian(data, unit.Length);
        unit.CopyTo(data, 4);
        return data;
    }

    internal sealed record Picture(byte[] Data, bool IsKey, long Time, byte[] Sets);
}
