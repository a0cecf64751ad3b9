using OrleansRecorder.Captures;
using OrleansRecorder.Media.Tests.Support;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Media.Tests.Captures;

/// <summary>A server that we did not write, asking for a digest or refusing TCP.</summary>
public sealed class AuthenticationAndTransportTests(DigestServer digest, UdpServer udp) : IClassFixture<DigestServer>, IClassFixture<UdpServer>
{
    [Fact]
    public async Task A_digest_opens_the_stream_with_a_password_that_holds_delimiters()
    {
        await using var recorder = new Recorder();
        var result = await recorder.Record(Orders.For(digest.Url("/video", "admin:p%40ss%2Fword%231@"), seconds: 1));

        Assert.True(result.Status == CaptureStatus.Completed, result.Message.English);
    }

    [Fact]
    public async Task An_address_without_password_says_so_when_one_is_needed()
    {
        await using var recorder = new Recorder();
        var result = await recorder.Record(Orders.For(digest.Url("/video"), seconds: 1));

        Assert.Equal((CaptureCause.Authentication, CaptureStatus.ConnectionError), (result.Cause, result.Status));
        Assert.Contains("rtsp://user:password@", result.Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_refuses_TCP_is_recorded_over_UDP()
    {
        await using var recorder = new Recorder();
        var result = await recorder.Record(Orders.For(udp.Url("/video"), seconds: 3));

        Assert.True(result.Status == CaptureStatus.Completed, result.Message.English);
        await Mp4File.MustBeSound(Assert.Single(recorder.Files));
    }
}
