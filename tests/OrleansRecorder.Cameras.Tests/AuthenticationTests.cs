using OrleansRecorder.Testing;

namespace OrleansRecorder.Cameras.Tests;

public sealed class AuthenticationTests
{
    [Theory]
    [InlineData(CameraAuthentication.Digest)]
    [InlineData(CameraAuthentication.DigestWithoutQop)]
    [InlineData(CameraAuthentication.Basic)]
    public async Task A_camera_with_a_user_lets_in_who_knows_the_password_and_nobody_else(CameraAuthentication authentication)
    {
        await using var server = TestServer.Start();
        var camera = server.Add(new CameraOptions { Number = 1, User = "admin", Password = "p@ss:wort/1", Authentication = authentication });

        var right = await Probe(camera.Url);
        Assert.True(right.ExitCode == 0, right.Errors);
        Assert.Contains("h264", right.Text, StringComparison.Ordinal);

        var wrong = await Probe(camera.Url.Replace("wort", "word", StringComparison.Ordinal));
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.Contains("401", wrong.Errors, StringComparison.Ordinal);

        var none = await Probe(camera.Address);
        Assert.NotEqual(0, none.ExitCode);
        Assert.Equal(1, camera.Sessions.Started);
    }

    [Fact]
    public async Task An_address_for_logs_holds_no_password()
    {
        await using var server = TestServer.Start();
        var camera = server.Add(new CameraOptions { Number = 1, User = "admin", Password = "secret" });
        Assert.DoesNotContain("secret", camera.Address, StringComparison.Ordinal);
        Assert.Contains("admin:secret@", camera.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_method_but_OPTIONS_needs_the_password()
    {
        await using var server = TestServer.Start();
        var camera = server.Add(new CameraOptions { Number = 1, User = "admin", Password = "secret" });
        using var client = await RtspTestClient.Connect(camera);
        Assert.Equal(200, (await client.Send("OPTIONS")).Status);
        foreach (var method in new[] { "DESCRIBE", "SETUP", "PLAY", "PAUSE", "TEARDOWN", "GET_PARAMETER" })
        {
            var reply = await client.Send(method);
            Assert.Equal(401, reply.Status);
            Assert.Contains("qop=\"auth\"", reply["WWW-Authenticate"], StringComparison.Ordinal);
        }
    }

    private static Task<Shell.Output> Probe(string url) => Shell.Run("ffprobe", "-v", "error", "-rtsp_transport", "tcp", "-show_entries", "stream=codec_name", "-of", "csv=p=0", url);
}
