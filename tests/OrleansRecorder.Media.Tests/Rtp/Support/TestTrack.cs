using System.Buffers.Binary;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Rtp;
using OrleansRecorder.Media.Rtsp;

namespace OrleansRecorder.Media.Tests.Rtp.Support;

/// <summary>A track under test and the packets that go into it.</summary>
internal sealed class TestTrack : IDisposable
{
    private readonly IRtpTrack _track;

    public TestTrack(MediaDescription media, uint? announced = null)
    {
        Pool = new ChunkPool(1 << 30);
        _track = RtpTracks.Create(media, 0, Sink, Pool, 0x11223344, announced) ?? throw new InvalidOperationException($"no track for {media.Encoding}");
        PayloadType = media.PayloadType;
    }

    public TestTrack(string encoding, int clockRate = 90000, string kind = "video", int channels = 0, params (string Name, string Value)[] parameters)
        : this(Media(encoding, clockRate, kind, channels, parameters))
    {
    }

    public IRtpTrack Track => _track;

    public RecordingSink Sink { get; } = new();

    public ChunkPool Pool { get; }

    public ushort Sequence { get; set; } = 65530;

    public uint Source { get; set; } = 0xCAFE;

    public int PayloadType { get; set; }

    public TimeSpan Now { get; set; }

    public static MediaDescription Media(string encoding, int clockRate = 90000, string kind = "video", int channels = 0, params (string Name, string Value)[] parameters) => new()
    {
        Kind = kind,
        Encoding = encoding,
        PayloadType = 96,
        ClockRate = clockRate,
        Channels = channels,
        Parameters = parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value),
    };

    /// <summary>The next packet.</summary>
    public byte[] Packet(uint time, byte[] payload, bool marker = false)
    {
        var packet = new byte[12 + payload.Length];
        packet[0] = 0x80;
        packet[1] = (byte)((marker ? 0x80 : 0) | PayloadType);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), Sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), time);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), Source);
        payload.CopyTo(packet, 12);
        return packet;
    }

    public bool Send(uint time, byte[] payload, bool marker = false) => _track.OnRtp(Packet(time, payload, marker), Now);

    /// <summary>Numbers a packet and does not send it.</summary>
    public void Lose(int packets = 1) => Sequence += (ushort)packets;

    public void Send(byte[] packet) => _track.OnRtp(packet, Now);

    /// <summary>Lets time go by and ends all waiting.</summary>
    public void GiveUpWaiting()
    {
        Now += TimeSpan.FromMilliseconds(200);
        _track.OnTick(Now);
    }

    public void Dispose()
    {
        _track.Dispose();
        Assert.Equal(0, Pool.InUse);
    }
}
