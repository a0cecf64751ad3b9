using System.Diagnostics;
using OrleansRecorder.Testing;

namespace OrleansRecorder.EndToEnd.Tests.Commands;

public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_leaves_recordings_and_ends_cleanly_with_control_c()
    {
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "recorder.dll"), "demo", "--cameras", "2", "--output", folder["output"], "--port", $"{Ports.Free()}"]) { RedirectStandardOutput = true };
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

            using (var ending = Process.Start("kill", ["-INT", $"{demo.Id}"])) await ending.WaitForExitAsync(deadline.Token);
            await demo.WaitForExitAsync(deadline.Token);
        }
        finally
        {
            if (!demo.HasExited) demo.Kill(entireProcessTree: true);
        }

        Assert.Equal(0, demo.ExitCode);
        var directory = Directory.GetDirectories(folder["output"]).Order().First();
        await Mp4File.MustBeSound(Path.Combine(directory, "camera1.mp4"));
        await Mp4File.MustBeSound(Path.Combine(directory, "camera2.mp4"));
        Assert.Empty(Directory.GetFiles(folder["output"], "*.recording", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_demo_whose_terminal_is_closed_in_the_middle_of_a_cycle_leaves_its_recording_and_its_reports()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["output"]);
        using var demo = Process.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "recorder.dll"), "demo", "--cameras", "1", "--output", folder["output"], "--port", $"{Ports.Free()}"]);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        try
        {
            while (!Directory.EnumerateFiles(folder["output"], "*.recording", SearchOption.AllDirectories).Any(file => new FileInfo(file).Length > 50_000))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), deadline.Token);
            }

            using (var hangUp = Process.Start("kill", ["-HUP", $"{demo.Id}"])) await hangUp.WaitForExitAsync(deadline.Token);
            await demo.WaitForExitAsync(deadline.Token);
        }
        finally
        {
            if (!demo.HasExited) demo.Kill(entireProcessTree: true);
        }

        Assert.Equal(0, demo.ExitCode);
        var directory = Assert.Single(Directory.GetDirectories(folder["output"]));
        await Mp4File.MustBeSound(Path.Combine(directory, "camera1.mp4"));
        Assert.Equal(["camera1.mp4", "report.txt", "rtsp_report.json", "streams.csv"], Directory.GetFiles(directory).Select(Path.GetFileName).Order());
    }
}
