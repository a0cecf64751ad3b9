using System.Buffers.Binary;
using OrleansRecorder.Media.Mp4;
using OrleansRecorder.Media.Recordings;
using OrleansRecorder.Media.Tests.Support;

namespace OrleansRecorder.Media.Tests.Mp4;

public sealed class DecoderConfigurationTests
{
    [Theory]
    [InlineData("-c:v libx264 -preset veryfast -bf 2")]
    [InlineData("-c:v libx264 -preset ultrafast -bf 0")]
    public async Task The_configuration_of_H264_is_the_one_that_FFmpeg_writes(string options)
    {
        var clip = await MuxedClip.Encode(2.2, options, sound: null);
        Assert.Equal(clip.Configuration, MuxedClip.Box(SampleEntries.Describe(clip.Video), "avcC"u8));
    }

    [Fact]
    public async Task The_configuration_of_H265_has_the_profile_and_the_sets_that_FFmpeg_writes()
    {
        var clip = await MuxedClip.Encode(2.2, "-c:v libx265 -preset ultrafast -x265-params log-level=error", sound: null);
        var own = MuxedClip.Box(SampleEntries.Describe(clip.Video), "hvcC"u8);

        // Between them a guess of FFmpeg's about slices; behind them arrays, which hvc1 wants complete and without other units.
        Assert.Equal(clip.Configuration[..13], own[..13]);
        Assert.Equal(clip.Configuration[16..22], own[16..22]);
        Assert.True(LengthPrefixed.TryReadConfiguration("hevc", own, out _, out var sets));
        Assert.Equal(clip.Video.Extradata[..sets.Length], sets);
        Assert.Equal([0xa0, 0xa1, 0xa2], ArrayHeads(own));
    }

    // Where each array begins: its type, and whether it is complete.
    private static List<int> ArrayHeads(byte[] configuration)
    {
        var heads = new List<int>();
        var at = 23;
        for (var array = 0; array < configuration[22]; array++)
        {
            heads.Add(configuration[at]);
            var sets = BinaryPrimitives.ReadUInt16BigEndian(configuration.AsSpan(at + 1));
            at += 3;
            for (var set = 0; set < sets; set++) at += 2 + BinaryPrimitives.ReadUInt16BigEndian(configuration.AsSpan(at));
        }

        Assert.Equal(configuration.Length, at);
        return heads;
    }

    [Fact]
    public void Video_that_MP4_cannot_hold_is_told_at_once()
    {
        var vp8 = new VideoFormat { Codec = "vp8", Width = 64, Height = 48, Extradata = [] };
        Assert.False(Mp4Writer.CanHold("vp8"));
        Assert.Throws<NotSupportedException>(() => new Mp4Writer(vp8, null, DateTimeOffset.UnixEpoch));
        Assert.Throws<NotSupportedException>(() => new Mp4Writer(vp8 with { Codec = "h264" }, null, DateTimeOffset.UnixEpoch));
        Assert.Throws<NotSupportedException>(() => new Mp4Writer(vp8 with { Codec = "mjpeg" }, new AudioFormat(8000, 1, 160, []) { Codec = "pcm_alaw" }, DateTimeOffset.UnixEpoch));
    }
}
