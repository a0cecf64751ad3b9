namespace OrleansRecorder.Contracts.Tests;

public sealed class StreamUrlTests
{
    [Theory]
    [InlineData("rtsp://10.0.0.1", null, null, "10.0.0.1", null, "")]
    [InlineData("rtsp://10.0.0.1:8554/live", null, null, "10.0.0.1", 8554, "/live")]
    [InlineData("rtsps://nvr.example.com:322/a?b=c#d", null, null, "nvr.example.com", 322, "/a?b=c#d")]
    [InlineData("rtsp://admin@10.0.0.1/live", "admin", null, "10.0.0.1", null, "/live")]
    [InlineData("rtsp://admin:secret@10.0.0.1:554/live", "admin", "secret", "10.0.0.1", 554, "/live")]
    [InlineData("rtsp://admin:@10.0.0.1/live", "admin", "", "10.0.0.1", null, "/live")]
    [InlineData("rtsp://:secret@10.0.0.1/live", "", "secret", "10.0.0.1", null, "/live")]
    [InlineData("rtsp://admin:secret@camera1/live", "admin", "secret", "camera1", null, "/live")]
    [InlineData("rtsp://10.0.0.1?channel=1", null, null, "10.0.0.1", null, "?channel=1")]
    [InlineData("rtsp://[2001:db8::1]:554/live", null, null, "[2001:db8::1]", 554, "/live")]
    [InlineData("rtsp://[::1]/live", null, null, "[::1]", null, "/live")]
    [InlineData("rtsp://[fe80::1%25eth0]/live", null, null, "[fe80::1%25eth0]", null, "/live")]
    [InlineData("rtsp://admin:a:b@[2001:db8::1]:554/live", "admin", "a:b", "[2001:db8::1]", 554, "/live")]
    [InlineData("rtsp://摄像头.公司:554/通道1", null, null, "摄像头.公司", 554, "/通道1")]
    public void An_address_is_split_into_its_parts(string text, string? user, string? password, string host, int? port, string rest)
    {
        var url = Parse(text);

        Assert.Equal((user, password, host, port, rest), (url.User, url.Password, url.Host, url.Port, url.PathAndQuery));
        Assert.Equal(text, url.Original);
    }

    [Theory]
    [InlineData("p@ss", "p@ss")]
    [InlineData("p@@ss@", "p@@ss@")]
    [InlineData("p#ss", "p#ss")]
    [InlineData("p/ss", "p/ss")]
    [InlineData("/ss", "/ss")]
    [InlineData("12/34", "12/34")]
    [InlineData("p?ss", "p?ss")]
    [InlineData("p:ss", "p:ss")]
    [InlineData("100%", "100%")]
    [InlineData("a%zz", "a%zz")]
    [InlineData("p@s/s", "p@s/s")]
    [InlineData("p/s@s", "p/s@s")]
    [InlineData("@#/?:", "@#/?:")]
    [InlineData("密码@/#", "密码@/#")]
    [InlineData("p%40ss", "p@ss")]
    [InlineData("p%23%2F%3F%3A%25", "p#/?:%")]
    [InlineData("%E5%AF%86%E7%A0%81", "密码")]
    [InlineData("a+b", "a+b")]
    public void A_password_may_hold_delimiters_raw_or_encoded(string written, string password)
    {
        foreach (var host in new[] { "10.0.0.1:554", "10.0.0.1", "nvr.example.com:554", "[2001:db8::1]:554", "localhost:8554" })
        {
            if (password == "12/34" && host[0] is not ('1' or '[')) continue;
            foreach (var rest in new[] { "/live", "", "/cam/realmonitor?channel=1&subtype=0", "/live?user=a@b.com" })
            {
                var url = Parse($"rtsp://admin:{written}@{host}{rest}");

                Assert.Equal(("admin", password, rest), (url.User, url.Password, url.PathAndQuery));
                Assert.Equal($"rtsp://{host}{rest}", url.WithoutCredentials);
            }
        }
    }

    [Theory]
    [InlineData("rtsp://admin:p/ss@camera1/live", "p/ss", "camera1")]
    [InlineData("rtsp://admin:p#ss@camera1:554/live", "p#ss", "camera1")]
    [InlineData("rtsp://admin:p/ss@camera1/live?user=a@b.com", "p/ss", "camera1")]
    public void A_short_host_name_after_a_raw_password_is_found(string text, string password, string host)
    {
        var url = Parse(text);

        Assert.Equal((password, host), (url.Password, url.Host));
    }

    [Theory]
    [InlineData("rtsp://10.0.0.1/live?user=a@b.com")]
    [InlineData("rtsp://10.0.0.1:554/live@2")]
    [InlineData("rtsp://camera1/live?user=a@b.com")]
    [InlineData("rtsp://camera1:554/live?user=a@10.0.0.1")]
    [InlineData("rtsp://camera1/stream@1080p.sdp")]
    [InlineData("rtsp://camera1:8554/stream@home")]
    public void An_at_sign_in_the_path_or_the_query_is_no_credentials(string text)
    {
        var url = Parse(text);

        Assert.Null(url.User);
        Assert.Equal(text, url.WithoutCredentials);
    }

    [Fact]
    public void With_credentials_too_an_at_sign_in_the_query_stays_there()
    {
        var url = Parse("rtsp://admin:secret@camera1/live?user=a@b.com");

        Assert.Equal(("secret", "camera1", "/live?user=a@b.com"), (url.Password, url.Host, url.PathAndQuery));
    }

    [Theory]
    [InlineData("rtsp://admin:x@Camera-7.LOCAL:0554/A/../b/%7E%41/通道1", "rtsp://Camera-7.LOCAL:0554/A/../b/%7E%41/通道1")]
    [InlineData("rtsp://10.0.0.1", "rtsp://10.0.0.1")]
    [InlineData("rtsp://a:b@10.0.0.1/cam/realmonitor?channel=1&subtype=0", "rtsp://10.0.0.1/cam/realmonitor?channel=1&subtype=0")]
    [InlineData("rtsp://a:b@10.0.0.1//h264/ch1/main/av_stream", "rtsp://10.0.0.1//h264/ch1/main/av_stream")]
    [InlineData("rtsp://218.94.57.146:40007/rtp/44010200492000000074_34020000001320000001", "rtsp://218.94.57.146:40007/rtp/44010200492000000074_34020000001320000001")]
    [InlineData("rtsp://10.0.0.1/Streaming/tracks/101?starttime=20260101T000000Z&endtime=20260101T001000Z", "rtsp://10.0.0.1/Streaming/tracks/101?starttime=20260101T000000Z&endtime=20260101T001000Z")]
    [InlineData("rtsp://10.0.0.1/openUrl/7lvdLj2?beginTime=2026-01-01T00:00:00.000+08:00", "rtsp://10.0.0.1/openUrl/7lvdLj2?beginTime=2026-01-01T00:00:00.000+08:00")]
    public void Without_credentials_everything_else_stays_byte_for_byte(string text, string bare)
    {
        var url = Parse(text);

        Assert.Equal(bare, url.RequestUrl);
        Assert.Equal(bare, url.WithoutCredentials);
        Assert.Equal(bare, url.ToString());
    }

    [Theory]
    [InlineData("rtsp://10.0.0.1/live?user=admin&password=se@cret&channel=1", "rtsp://10.0.0.1/live?user=admin&password=***&channel=1")]
    [InlineData("rtsp://10.0.0.1/user=admin_password=tlJwpbo6_channel=1_stream=0.sdp", "rtsp://10.0.0.1/user=admin_password=***_channel=1_stream=0.sdp")]
    [InlineData("rtsp://10.0.0.1/user=admin&password=secret&channel=1&stream=0.sdp", "rtsp://10.0.0.1/user=admin&password=***&channel=1&stream=0.sdp")]
    [InlineData("rtsp://10.0.0.1/live?PWD=secret", "rtsp://10.0.0.1/live?PWD=***")]
    [InlineData("rtsp://10.0.0.1/user=admin&password=&channel=1", "rtsp://10.0.0.1/user=admin&password=&channel=1")]
    [InlineData("rtsp://10.0.0.1/live?bypass=1", "rtsp://10.0.0.1/live?bypass=1")]
    public void A_password_parameter_is_masked_where_it_is_shown_and_sent_where_it_is_needed(string text, string shown)
    {
        var url = Parse(text);

        Assert.Equal(shown, url.WithoutCredentials);
        Assert.Equal(text, url.RequestUrl);
    }

    [Theory]
    [InlineData("RTSP://10.0.0.1/Live", "rtsp")]
    [InlineData("rtmp://10.0.0.1/live", "rtmp")]
    [InlineData("https://10.0.0.1/live.flv", "https")]
    [InlineData("file:///recordings/a.mp4", "file")]
    public void The_scheme_is_lower_case(string text, string scheme) => Assert.Equal(scheme, Parse(text).Scheme);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("10.0.0.1/live")]
    [InlineData("rtsp:10.0.0.1/live")]
    [InlineData("rtsp:/10.0.0.1/live")]
    [InlineData("://10.0.0.1/live")]
    [InlineData("1rtsp://10.0.0.1/live")]
    [InlineData("rtsp ://10.0.0.1/live")]
    [InlineData("rtsp://")]
    [InlineData("rtsp:///live")]
    [InlineData("rtsp://:554/live")]
    [InlineData("rtsp://admin:secret@/live")]
    [InlineData("rtsp://10.0.0.1:/live")]
    [InlineData("rtsp://10.0.0.1:0/live")]
    [InlineData("rtsp://10.0.0.1:65536/live")]
    [InlineData("rtsp://10.0.0.1:99999999999/live")]
    [InlineData("rtsp://10.0.0.1:-1/live")]
    [InlineData("rtsp://10.0.0.1:x/live")]
    [InlineData("rtsp://2001:db8::1/live")]
    [InlineData("rtsp://[2001:db8::1/live")]
    [InlineData("rtsp://[nonsense]/live")]
    [InlineData("rtsp://[10.0.0.1]/live")]
    [InlineData("rtsp://[::1]554/live")]
    [InlineData("rtsp://ca mera/live")]
    [InlineData("rtsp://camera/li ve")]
    [InlineData("rtsp://camera/live\n")]
    [InlineData("rtsp://camera/li\0ve")]
    [InlineData("rtsp://cam\u200bera,x/live")]
    public void What_is_no_absolute_address_is_refused(string? text) => Assert.False(StreamUrl.TryParse(text, out _));

    private static StreamUrl Parse(string text)
    {
        Assert.True(StreamUrl.TryParse(text, out var url), text);
        return url;
    }

    [Theory]
    [InlineData("rtsp://user:secret@Gate.Local/1", "gate.local:554")]
    [InlineData("rtsps://gate.local/1", "gate.local:322")]
    [InlineData("rtsp://[2001:DB8::1]:8554/1", "[2001:db8::1]:8554")]
    [InlineData("rtmp://10.0.0.5/live", "10.0.0.5:1935")]
    [InlineData("file:///clip.mp4", null)]
    public void The_server_is_the_host_with_its_port(string url, string? server)
    {
        Assert.True(StreamUrl.TryParse(url, out var parsed));
        Assert.Equal(server, parsed.Server);
    }
}
