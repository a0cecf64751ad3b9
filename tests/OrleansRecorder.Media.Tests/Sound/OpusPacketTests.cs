using OrleansRecorder.Media.Recordings;

namespace OrleansRecorder.Media.Tests.Sound;

public sealed class OpusPacketTests
{
    [Theory]
    [InlineData(new byte[] { 0xfc }, 960)] // CELT, 20 ms
    [InlineData(new byte[] { 0xe0 }, 120)] // CELT, 2.5 ms
    [InlineData(new byte[] { 0x18 }, 2880)] // SILK, 60 ms
    [InlineData(new byte[] { 0x00 }, 480)] // SILK, 10 ms
    [InlineData(new byte[] { 0x68 }, 960)] // hybrid, 20 ms
    [InlineData(new byte[] { 0xfd }, 1920)] // two frames
    [InlineData(new byte[] { 0xff, 6 }, 5760)] // six frames: 120 ms, the most there is
    public void Its_length_is_read_from_its_head(byte[] packet, int samples) => Assert.Equal(samples, OpusPacket.Samples(packet));

    [Fact]
    public void What_is_no_packet_has_no_length()
    {
        Assert.Null(OpusPacket.Samples([]));
        Assert.Null(OpusPacket.Samples([0xff]));
        Assert.Null(OpusPacket.Samples([0xff, 0]));
        Assert.Null(OpusPacket.Samples([0xff, 48]));
    }
}
