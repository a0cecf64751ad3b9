using OrleansRecorder.Media.Native;

namespace OrleansRecorder.Media.Tests.Native;

public sealed class FFmpegLogTests
{
    [Theory]
    [InlineData("Failed to open rtsp://admin:geheim@10.0.0.1/x now")]
    [InlineData("Failed to open rtsp://admin:ge%2Fheim@10.0.0.1/x now")]
    [InlineData("the password is ge/heim")]
    public void No_line_holds_a_password(string line)
    {
        Assert.True(StreamUrl.TryParse("rtsp://admin:ge%2Fheim@10.0.0.1/x", out var url));
        var redacted = new FFmpegLogScope(url).Redact(line);
        Assert.DoesNotContain("heim", redacted, StringComparison.Ordinal);
        Assert.DoesNotContain("admin", redacted, StringComparison.Ordinal);
    }
}
