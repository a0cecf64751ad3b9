using OrleansRecorder.Media.Rtsp;

namespace OrleansRecorder.Media.Tests.Rtsp;

public sealed class RtspUrlsTests
{
    private const string Asked = "rtsp://192.168.1.10:554/live?a=1";

    [Theory]
    [InlineData("rtsp://192.168.1.10:554/live/", "rtsp://192.168.1.10:554/live/")]
    [InlineData("192.168.1.10:554/stream0/", "rtsp://192.168.1.10:554/stream0/")] // S01
    [InlineData("10.9.8.7/stream0/", "rtsp://10.9.8.7/stream0/")]
    [InlineData("camera:8554/stream0/", "rtsp://camera:8554/stream0/")]
    [InlineData("//192.168.1.10/x", "rtsp://192.168.1.10/x")]
    [InlineData("/path/", "rtsp://192.168.1.10:554/path/")] // S04
    [InlineData("path/to", "rtsp://192.168.1.10:554/path/to")]
    [InlineData("rtsp://127.0.0.1:554/mpeg4/", "rtsp://127.0.0.1:554/mpeg4/")] // S05: text, nothing more
    [InlineData("rtsp://admin:12345@192.168.1.10/live/", "rtsp://192.168.1.10/live/")] // S11
    [InlineData("\"rtsp://192.168.1.10/live/\"", "rtsp://192.168.1.10/live/")]
    [InlineData("rtsp://Host/a/../b/%7E%41", "rtsp://Host/a/../b/%7E%41")] // S13
    public void A_base_is_made_absolute_and_otherwise_kept_byte_for_byte(string text, string expected) => Assert.Equal(expected, RtspUrls.Resolve(text, Asked));

    [Theory]
    [InlineData("rtsp://h/p", null, "rtsp://h/p")] // S09
    [InlineData("rtsp://h/p", "", "rtsp://h/p")]
    [InlineData("rtsp://h/p", "*", "rtsp://h/p")]
    [InlineData("rtsp://h/p", "track1", "rtsp://h/p/track1")]
    [InlineData("rtsp://h/p/", "track1", "rtsp://h/p/track1")]
    [InlineData("rtsp://h/p", "/track1", "rtsp://h/p/track1")]
    [InlineData("rtsp://h/p//", "/track1", "rtsp://h/p/track1")]
    [InlineData("rtsp://h/p", "?ctype=video", "rtsp://h/p/?ctype=video")]
    [InlineData("rtsp://h/p", "stream:0", "rtsp://h/p/stream:0")]
    [InlineData("rtsp://h/p", "trackID=0", "rtsp://h/p/trackID=0")]
    [InlineData("rtsp://h/p", "rtsp://h/p/trackID=1?transportmode=unicast&profile=Profile_1", "rtsp://h/p/trackID=1?transportmode=unicast&profile=Profile_1")] // S08
    [InlineData("rtsp://h/p", "RTSP://h/T", "RTSP://h/T")]
    [InlineData("rtsp://h/p", "rtsp://admin:12345@h/p/t", "rtsp://h/p/t")]
    [InlineData("rtsp://h/cam/realmonitor?channel=1&subtype=1&proto=Onvif/", "trackID=0", "rtsp://h/cam/realmonitor?channel=1&subtype=1&proto=Onvif/trackID=0")] // S07
    [InlineData("rtsp://h/p", "a b\u0001", "rtsp://h/p/a%20b%01")]
    public void A_track_has_exactly_one_slash_before_it(string aggregate, string? control, string expected) => Assert.Equal(expected, RtspUrls.Track(aggregate, control)[0]);

    [Theory]
    [InlineData("rtsp://h/cam/realmonitor?channel=1&proto=Onvif/", "trackID=0", "rtsp://h/cam/realmonitor/trackID=0?channel=1&proto=Onvif")]
    [InlineData("rtsp://h/p", "?ctype=video", "rtsp://h/p?ctype=video")]
    [InlineData("rtsp://h/p/q", "/track1", "rtsp://h/track1")]
    public void There_is_a_second_way_to_write_it(string aggregate, string control, string expected) => Assert.Equal([expected], RtspUrls.Track(aggregate, control).Skip(1));
}
