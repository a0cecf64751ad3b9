using System.Text;
using OrleansRecorder.Testing;

namespace OrleansRecorder.EndToEnd.Tests.Deployment;

/// <summary>The image's health check, run as the container engine runs it.</summary>
public sealed class HealthCheckTests
{
    private static readonly string Script = Checkout.At("deploy", "docker", "health");

    [Theory]
    [InlineData("200 OK", 0)]
    [InlineData("503 Service Unavailable", 1)]
    public async Task It_says_what_the_process_says_of_itself(string status, int exitCode)
    {
        await using var api = FakeApi.Answering(async (_, stream, stop) =>
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"), stop));

        Assert.Equal(exitCode, (await Shell.Run(Script, $"{api.Port}", "/readyz")).ExitCode);
        Assert.Equal(["GET /readyz HTTP/1.1"], api.Requests);
    }

    [Fact]
    public async Task It_fails_when_nobody_listens()
    {
        var port = Ports.Free();

        var run = await Shell.Run(Script, $"{port}");

        Assert.Equal((1, ""), (run.ExitCode, run.Errors));
    }

    // A process that hangs takes connections still: its kernel does.
    [Fact]
    public async Task It_fails_and_ends_by_itself_when_the_process_hangs()
    {
        await using var api = FakeApi.Answering((_, _, stop) => Task.Delay(Timeout.Infinite, stop));

        Assert.Equal(1, (await Shell.Run(Script, $"{api.Port}")).ExitCode);
    }

    [Theory]
    [InlineData("RECORDER_Health__Port")]
    [InlineData("RECORDER_Api__Port")]
    public async Task Without_a_port_it_asks_the_one_of_the_settings(string variable)
    {
        await using var api = FakeApi.Healthy();
        var closed = Ports.Free();

        Assert.Equal(0, (await Shell.Run("/usr/bin/env", $"RECORDER_Health__Port={closed}", $"RECORDER_Api__Port={closed}", $"{variable}={api.Port}", Script)).ExitCode);
    }
}
