using System.Text;
using OrleansRecorder.Captures;
using OrleansRecorder.Media.Rtsp;
using OrleansRecorder.Media.Rtsp.Descriptions;
using OrleansRecorder.Media.Sources;

namespace OrleansRecorder.Media.Tests.Rtsp;

public sealed class SessionDescriptionTests
{
    [Fact]
    public void A_plain_description_is_read()
    {
        var description = Read(ScriptedCamera.PlainSdp);

        var video = description.Media[0].First;
        Assert.Equal(("video", "H264", 96, 90000, 0, "trackID=0"), (video.Kind, video.Encoding, video.PayloadType, video.ClockRate, video.Channels, video.Control));
        Assert.Equal(("1", "Z0IAHpWoKA9k,aM48gA=="), (video.Parameters["packetization-mode"], video.Parameters["sprop-parameter-sets"]));
        var audio = description.Media[1].First;
        Assert.Equal(("audio", "PCMA", 8, 8000, 1), (audio.Kind, audio.Encoding, audio.PayloadType, audio.ClockRate, audio.Channels));
        Assert.Equal(("*", null), (description.Control, description.Duration));
    }

    [Theory] // S39: of each, the picture is found
    [InlineData("m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000")]
    [InlineData("v=0\no=- 1001 1 IN \ns=a\ns=b\nc=IN\nm=video 0 RTP/AVP 105\na=rtpmap:105 H264/90000\nm=application 0 RTP/AVP 50\na=rtpmap:50 vnd.uniview/90000")]
    [InlineData("v=0\nc=IN \u00ff\u0001\u0002\nm=video -1353744643 RTP/AVP 96\na=rtpmap:96 H264/90000")]
    [InlineData("m=application/TP-LINK 0 RTP/AVP smart/1/90000\nm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000")]
    [InlineData("m=audio 0 RTP/AVP (null)\nm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000")]
    [InlineData("m=audio\nm=\nm\n=\n\nm=video 0 RTP/AVP 96\na=\na=:\na=rtpmap\na=rtpmap:\na=fmtp:\na=rtpmap:96 H264/90000")]
    [InlineData("m=video 0 RTP/AVPF 96 97\na=rtpmap:96 H264/90000")]
    public void Broken_lines_are_passed_over(string sdp)
    {
        foreach (var text in new[] { sdp, sdp.Replace("\n", "\r\n", StringComparison.Ordinal), sdp + "\n" })
        {
            var (chosen, trouble) = TrackChoice.Choose(Read(text), media => media.Encoding == "H264", all: false);

            Assert.Null(trouble);
            Assert.Equal("video", Assert.Single(chosen).Media.Kind);
        }
    }

    [Theory] // S42
    [InlineData("m=video 0 RTP/AVP 35\na=rtpmap:35 H264/90000", "H264", 90000)]
    [InlineData("m=video 0 RTP/AVP 96\na=rtpmap:96 h264/90000 ", "H264", 90000)]
    [InlineData("m=video 0 RTP/AVP 96\na=rtpmap:96 H264", "H264", 90000)]
    [InlineData("m=video 0 RTP/AVP 96\na=rtpmap:96 HEVC/90000", "H265", 90000)]
    [InlineData("m=video 0 RTP/AVP 96\na=rtpmap:104 H264/90000", "H264", 90000)]
    [InlineData("m=video 0 RTP/AVP 26", "JPEG", 90000)]
    [InlineData("m=audio 0 RTP/AVP 0\na=rtpmap:0 MPEG4-GENERIC/16000/2", "MPEG4-GENERIC", 16000)]
    [InlineData("m=audio 0 RTP/AVP 8", "PCMA", 8000)]
    [InlineData("m=audio 0 RTP/AVP 0\na=rtpmap:8 PCMA/8000", "PCMU", 8000)]
    [InlineData("m=audio 0 RTP/AVP 97\na=rtpmap:97 opus/48000/2", "OPUS", 48000)]
    [InlineData("m=audio 0 RTP/AVP 97\na=rtpmap:97 PCMA/0", "PCMA", 8000)]
    [InlineData("m=video 0 RTP/AVP 99", "", 90000)]
    public void The_rtpmap_beats_the_static_types(string sdp, string encoding, int clockRate)
    {
        var media = Read(sdp).Media[0].First;

        Assert.Equal((encoding, clockRate), (media.Encoding, media.ClockRate));
    }

    [Theory] // S42
    [InlineData("a=fmtp:97 Profile-Level-ID=42;  sprop=a=b== ;;x", "42")]
    [InlineData("a=fmtp:104 profile-level-id = 42", "42")]
    [InlineData("a=fmtp:97 profile-level-id=1\na=fmtp:104 profile-level-id=42", "42")]
    [InlineData("a=fmtp:profile-level-id=42", "42")]
    [InlineData("a=fmtp:97 profile-level-id=1\na=fmtp:98 profile-level-id=42", null)]
    public void The_only_fmtp_applies_whatever_its_number(string lines, string? profile) =>
        Assert.Equal(profile, Read("m=video 0 RTP/AVP 104\na=rtpmap:104 H264/90000\n" + lines).Media[0].First.Parameters.GetValueOrDefault("profile-level-id"));

    [Theory]
    [InlineData("a=x-dimensions:2592,1944", 2592, 1944)]
    [InlineData("a=framesize:26 2592-1944", 2592, 1944)]
    [InlineData("a=x-dimensions:-1,99999999999", 0, 0)]
    [InlineData("", 0, 0)]
    public void The_size_of_pictures_is_read(string line, int width, int height)
    {
        var media = Read("m=video 0 RTP/AVP 26\n" + line).Media[0].First;

        Assert.Equal((width, height), (media.Width, media.Height));
    }

    [Theory]
    [InlineData("npt=0-", null)]
    [InlineData("npt=now-", null)]
    [InlineData("npt=0.000-12.5", 12.5)]
    [InlineData("npt=10-70;time=x", 60.0)]
    [InlineData("npt=-30", 30.0)]
    [InlineData("npt=0-0:01:30.5", 90.5)]
    [InlineData("npt=5-5", null)]
    [InlineData("clock=20260101T000000Z-20260101T000010Z", 10.0)]
    [InlineData("clock=20260101T000000.25Z-20260101T000010.75Z", 10.5)]
    [InlineData("clock=20260101T000000Z-", null)]
    [InlineData("npt=0-99999999999999999999", null)]
    [InlineData("smpte=0:10:20-", null)]
    [InlineData("nonsense", null)]
    [InlineData("npt", null)]
    public void A_bounded_range_has_a_length(string range, double? seconds) => Assert.Equal(seconds, Read($"a=range:{range}\nm=video 0 RTP/AVP 96").Duration?.TotalSeconds);

    [Theory] // S41
    [InlineData("m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\nm=audio 0 RTP/AVP 0 8\na=sendonly\nm=audio 0 RTP/AVP 8\nm=video 0 RTP/AVP 97\na=rtpmap:97 H264/90000\nm=application 0 RTP/AVP 98\na=rtpmap:98 vnd.onvif.metadata/90000", "0 2", "0 2 3 4")]
    [InlineData("m=audio 0 RTP/AVP 4\nm=audio 0 RTP/AVP 4 8\nm=video 0 RTP/AVP 98\na=rtpmap:98 MP2P/90000\nm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000", "1 3", "0 1 2 3")]
    [InlineData("m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\nm=audio 0 RTP/AVP 4", "0", "0 1")]
    public void The_first_picture_and_the_first_sound_are_chosen_and_all_when_asked(string sdp, string some, string all)
    {
        var numbered = Read(string.Join('\n', Number(sdp)));

        Assert.Equal(some, Chosen(numbered, all: false));
        Assert.Equal(all, Chosen(numbered, all: true));
        Assert.True(TrackChoice.HasMore(numbered, some.Split(' ').Length));
    }

    [Theory]
    [InlineData("m=audio 0 RTP/AVP 18 4", "G729")]
    [InlineData("m=audio 0 RTP/AVP 97\na=rtpmap:97 X-Secret_1.5/8000\nm=audio 0 RTP/AVP 4", "X-SECRET_1.5")]
    [InlineData("m=audio 0 RTP/AVP 97\na=rtpmap:97 G.711<script>/8000", null)]
    [InlineData("m=audio 0 RTP/AVP 97\na=rtpmap:97 PCMA/1", null)]
    [InlineData("m=audio 0 RTP/AVP (null)", null)]
    [InlineData("m=AUDIO 0", null)]
    [InlineData("m=audio 0 RTP/SAVP 8", null)]
    [InlineData("m=audio 0 TCP/RTP 8\nm=audio 0 RTP/AVP 4", "G723")]
    public void Sound_that_is_offered_and_cannot_be_recorded_is_left_out_by_name(string sdp, string? name)
    {
        foreach (var all in (bool[])[false, true]) Assert.Equal(new LeftOutSound(name), SoundLeftOut(sdp, all));
    }

    [Theory]
    [InlineData("m=audio 0 RTP/AVP 8")]
    [InlineData("m=audio 0 RTP/AVP 18\nm=audio 0 RTP/AVP 18 8")]
    [InlineData("m=audio 0 RTP/AVP (null)\nm=audio 0 RTP/AVP 8")]
    [InlineData("m=audio 0 RTP/AVP 18\na=sendonly")]
    [InlineData("m=audio 0 RTP/AVP (null)\na=sendonly")]
    [InlineData("m=application 0 RTP/AVP 98\na=rtpmap:98 vnd.onvif.metadata/90000\nm=application/TP-LINK 0 RTP/AVP smart/1/90000\nm=\nm=data 0")]
    public void No_sound_is_left_out_where_one_is_recorded_or_none_is_offered(string sdp)
    {
        foreach (var all in (bool[])[false, true]) Assert.Null(SoundLeftOut(sdp, all));
    }

    [Theory]
    [InlineData("", CaptureCause.NoMedia, SourceTrouble.NoDescription)]
    [InlineData("<html>it works</html>", CaptureCause.NoMedia, SourceTrouble.NoDescription)]
    [InlineData("m=application 0 RTP/AVP 98\na=rtpmap:98 vnd.onvif.metadata/90000", CaptureCause.NoMedia, SourceTrouble.NoVideo)]
    [InlineData("m=audio 0 RTP/AVP 8", CaptureCause.NoMedia, SourceTrouble.NoVideo)]
    [InlineData("m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\na=sendonly", CaptureCause.NoMedia, SourceTrouble.NoVideo)]
    [InlineData("m=video 0 RTP/SAVP 96\na=rtpmap:96 H264/90000", CaptureCause.UnsupportedCodec, null)]
    [InlineData("m=video 0 MP2T/AVP 33", CaptureCause.UnsupportedCodec, null)]
    [InlineData("m=video 0 RTP/AVP 96\na=rtpmap:96 MP2P/90000", CaptureCause.UnsupportedCodec, null)]
    public void Without_a_picture_it_is_said_why(string sdp, CaptureCause cause, object? trouble)
    {
        var (chosen, diagnosis) = TrackChoice.Choose(Read(sdp), media => media.Encoding is "H264" or "PCMA", all: true);

        Assert.Empty(chosen);
        Assert.Equal((cause, trouble), (diagnosis!.Value.Cause, (object?)diagnosis.Value.Trouble));
    }

    [Fact] // S40
    public void A_description_may_be_long_but_only_16_media_count()
    {
        var sdp = new StringBuilder("v=0\n");
        for (var i = 0; i < 10_000; i++) sdp.Append("a=tool:whatever it is that somebody says here\n");
        for (var i = 0; i < 40; i++) sdp.Append("m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\n");

        Assert.Equal(SessionDescription.MaxMedia, Read(sdp.ToString()).Media.Count);
    }

    [Fact]
    public void A_format_whose_clock_is_slower_than_any_codec_is_left_out()
    {
        Assert.Empty(Media("m=video 0 RTP/AVP 96\na=rtpmap:96 H264/1\n"));
        Assert.Equal(97, Assert.Single(Assert.Single(Media("m=video 0 RTP/AVP 96 97\na=rtpmap:96 H264/999\na=rtpmap:97 H264/90000\n")).Formats).PayloadType);
    }

    [Fact]
    public void One_line_of_parameters_is_read_once_for_all_the_formats_that_it_is_meant_for()
    {
        var formats = string.Join(' ', Enumerable.Range(64, 64));
        var media = Assert.Single(Media($"m=video 0 RTP/AVP {formats}\na=rtpmap:96 H264/90000\na=fmtp:1 {string.Join(';', Enumerable.Range(0, 1000).Select(i => $"p{i}=x"))}\n"));

        Assert.Equal(64, media.Formats.Count);
        Assert.Equal(64, media.First.Parameters.Count);
        Assert.All(media.Formats, format => Assert.Same(media.First.Parameters, format.Parameters));
    }

    [Fact]
    public void A_line_of_more_than_64_kB_is_passed_over()
    {
        var media = Assert.Single(Media($"m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\na=fmtp:96 x={new string('y', 70_000)}\na=fmtp:96 packetization-mode=1\n"));

        Assert.Equal("1", media.First.Parameters["packetization-mode"]);
    }

    private static IReadOnlyList<MediaOffer> Media(string text) => Read(text).Media;

    private static SessionDescription Read(string text) => SessionDescriptionReader.Read(Encoding.Latin1.GetBytes(text));

    private static LeftOutSound? SoundLeftOut(string sdp, bool all)
    {
        var description = Read("m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\n" + sdp);
        return TrackChoice.SoundLeftOut(description, TrackChoice.Choose(description, media => media.Encoding is "H264" or "PCMA", all).Media);
    }

    private static string Chosen(SessionDescription description, bool all) =>
        string.Join(' ', TrackChoice.Choose(description, media => media.Encoding is "H264" or "PCMA", all).Media.Select(chosen => chosen.Media.Control));

    private static IEnumerable<string> Number(string sdp)
    {
        var number = 0;
        foreach (var line in sdp.Split('\n'))
        {
            yield return line;
            if (line.StartsWith("m=", StringComparison.Ordinal)) yield return $"a=control:{number++}";
        }
    }
}
