using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OrleansRecorder.Testing;

namespace OrleansRecorder.EndToEnd.Tests.Commands;

public sealed class DemoTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("HUP")]
    public async Task The_demo_leaves_recordings_and_ends_cleanly_with_control_c_and_with_its_terminal(string signal)
    {
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "recorder.dll"), "demo", "--cameras", "2", "--output", folder["output"], "--port", $"{FreePort()}"]) { RedirectStandardOutput = true };
        using var demo = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        try
        {
            var lines = new List<string>();
            while (await demo.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
            {
                lines.Add(line);
                if (line.StartsWith("cycle 1", StringComparison.Ordinal)) break;
            }

            Assert.Contains(lines, l => l.StartsWith("API ", StringComparison.Ordinal));
            Assert.Contains(lines, l => l.StartsWith("console ", StringComparison.Ordinal));
            Assert.Contains("2 of 2 recorded, 0 failed", lines[^1]);

            // Into the second cycle, so that the end comes in the midst of captures.
            while (Directory.GetDirectories(folder["output"]).Length < 2) await Task.Delay(TimeSpan.FromMilliseconds(200), deadline.Token);
            using (var ending = Process.Start("kill", [$"-{signal}", $"{demo.Id}"])) await ending.WaitForExitAsync(deadline.Token);
            await demo.WaitForExitAsync(deadline.Token);
        }
        finally
        {
            if (!demo.HasExited) demo.Kill(entireProcessTree: true);
        }

        Assert.Equal(0, demo.ExitCode);
        var directory = Directory.GetDirectories(folder["output"]).Order().First();
        await Mp4.MustBeSound(Path.Combine(directory, "camera1.mp4"));
        await Mp4.MustBeSound(Path.Combine(directory, "camera2.mp4"));
        Assert.Empty(Directory.GetFiles(folder["output"], "*.recording", SearchOption.AllDirectories));
        Assert.All(Directory.GetDirectories(folder["output"]), cycle => Assert.True(File.Exists(Path.Combine(cycle, "report.txt"))));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
