using System.Buffers.Binary;
using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Ingest;
using OrleansRecorder.Media.Rtsp;
using OrleansRecorder.Media.Tests.Rtp.Support;

namespace OrleansRecorder.Media.Tests.Ingest;

public sealed class SessionTracksTests
{
    [Theory]
    [InlineData(0xBBBBu, 0xBBBBu)]
    [InlineData(0xDEADu, 0xAAAAu)]
    public void The_source_that_a_camera_names_in_its_reply_to_setup_decides_between_two(uint announced, uint kept)
    {
        var sink = new RecordingSink();
        var tracks = new SessionTracks(sink, new ChunkPool(1 << 20));
        var transport = new TrackTransport { IsInterleaved = true, Ssrc = announced };
        tracks.OnPlaying([new RtspTrack(0, TestTrack.Media("PCMA", 8000, "audio"), transport, IsRecorded: true)]);
        for (ushort turn = 0; turn < 40; turn++)
        {
            var (source, origin) = turn % 2 == 0 ? (0xAAAAu, 100) : (0xBBBBu, 20_000);
            for (var i = 0; i < 2; i++) tracks.OnPacket(0, isControl: false, Packet(source, (ushort)(origin + (turn / 2 * 2) + i)), TimeSpan.FromMilliseconds(20 * turn));
        }

        tracks.Disconnect();
        Assert.All(sink.Sounds.TakeLast(20), sound => Assert.Equal(kept, BinaryPrimitives.ReadUInt32BigEndian(sound.Data)));
    }

    private static byte[] Packet(uint source, ushort sequence)
    {
        var packet = new byte[16];
        (packet[0], packet[1]) = (0x80, 96);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), source);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(12), source);
        return packet;
    }
}
