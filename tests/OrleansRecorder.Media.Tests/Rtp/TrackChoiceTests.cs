using OrleansRecorder.Media.Buffers;
using OrleansRecorder.Media.Rtp;
using OrleansRecorder.Media.Sources;
using OrleansRecorder.Media.Tests.Rtp.Support;

namespace OrleansRecorder.Media.Tests.Rtp;

public sealed class TrackChoiceTests
{
    private const string Sps = "Z0LAHtkAoC/5cBEAAAMAAQAAAwAyDxYuSA==";
    private const string Pps = "aMuDyyA=";

    [Theory]
    [InlineData("audio", "PCMA", 8000, "pcm_alaw", 8)]
    [InlineData("audio", "PCMU", 8000, "pcm_mulaw", 8)]
    [InlineData("audio", "L16", 44100, "pcm_s16be", 16)]
    [InlineData("audio", "OPUS", 48000, "opus", 0)]
    [InlineData("audio", "G726-16", 8000, "adpcm_g726le", 2)]
    [InlineData("audio", "G726-24", 8000, "adpcm_g726le", 3)]
    [InlineData("audio", "G726-32", 8000, "adpcm_g726le", 4)]
    [InlineData("audio", "G726-40", 8000, "adpcm_g726le", 5)]
    [InlineData("audio", "AAL2-G726-32", 8000, "adpcm_g726", 4)]
    [InlineData("video", "H264", 90000, "h264", 0)]
    [InlineData("video", "H265", 90000, "hevc", 0)]
    [InlineData("video", "JPEG", 90000, "mjpeg", 0)]
    [InlineData("video", "MP4V-ES", 90000, "mpeg4", 0)]
    public void Codecs_have_the_names_that_FFmpeg_gives_them(string kind, string encoding, int clockRate, string codec, int bits)
    {
        using var track = new TestTrack(encoding, clockRate, kind);

        Assert.Equal((codec, clockRate, bits), (track.Track.Description.Codec, track.Track.Description.ClockRate, track.Track.Description.BitsPerSample));
        Assert.Equal(kind == "audio" ? MediaKind.Audio : MediaKind.Video, track.Track.Description.Kind);
    }

    [Theory]
    [InlineData("video", "MP2P")]
    [InlineData("video", "MP2T")]
    [InlineData("video", "VP8")]
    [InlineData("audio", "")]
    [InlineData("audio", "G729")]
    [InlineData("application", "VND.ONVIF.METADATA")]
    [InlineData("audio", "H264")]
    public void R39_What_cannot_be_recorded_has_no_track(string kind, string encoding) =>
        Assert.Null(RtpTracks.Create(TestTrack.Media(encoding, 90000, kind), 0, new RecordingSink(), new ChunkPool(1), 1));

    [Theory]
    [InlineData("sprop-parameter-sets", Sps + "," + Pps)]
    [InlineData("sprop-parameter-sets", Sps + ", " + Pps + ",")]
    [InlineData("sprop-parameter-sets", "!!!," + Sps + ",AAAA," + Pps)]
    [InlineData("sprop-parameter-sets", "Z0LAHtkAoC/5cBEAAAMAAQAAAwAyDxYuSA,aMuDyyA")]
    [InlineData("sprop-parameter-sets", "AAAAAWdCwB7ZAKAv+XARAAADAAEAAAMAMg8WLkgAAAABaMuDyyA=")]
    [InlineData("config", Sps + "," + Pps)]
    public void R01_Parameter_sets_of_the_description_are_read_as_far_as_they_make_sense(string name, string value)
    {
        using var track = new TestTrack("H264", parameters: (name, value));

        Assert.Equal("000000016742C01ED900A02FF97011000003000100000300320F162E48" + "0000000168CB83CB20", Convert.ToHexString(track.Track.Description.Extradata.Span));
        Assert.Equal((640, 360), (track.Track.Description.Width, track.Track.Description.Height));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("AAAA")]
    [InlineData("%%%")]
    public void R01_Junk_is_no_parameter_set(string value)
    {
        using var track = new TestTrack("H264", parameters: ("sprop-parameter-sets", value));

        Assert.True(track.Track.Description.Extradata.IsEmpty);
    }
}
