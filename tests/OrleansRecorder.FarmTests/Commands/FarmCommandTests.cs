using System.Collections.Concurrent;
using System.Diagnostics;
using OrleansRecorder.Farm;
using OrleansRecorder.FarmTests.Harness;
using OrleansRecorder.Testing;

namespace OrleansRecorder.FarmTests.Commands;

/// <summary><c>recorder farm</c> as its user runs it.</summary>
public sealed class FarmCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(5));

    [Fact]
    public async Task A_farm_records_on_every_node_restarts_what_dies_and_leaves_nothing_after_control_c()
    {
        var port = FreePorts.Find(1)[0];
        using var farm = Launch("--silos", "2", "--apis", "2", "--cameras", "4", "--port", $"{port}");
        try
        {
            await UntilSaid("Ctrl+C ends all of it.");
            var api = ProcessTree.Below(farm.Id).First(process => File.ReadAllText($"/proc/{process.Id}/cmdline").Contains("--api-port", StringComparison.Ordinal));
            using (var kill = Process.Start("kill", ["-9", $"{api.Id}"])) await kill.WaitForExitAsync();
            await UntilSaid("starting it again");
            await UntilSaid("cycle 1  4 of 4 recorded, 0 failed, at most 2 at once");

            using var http = new FarmHttp(port);
            var nodes = await http.Get("/api/nodes");
            Assert.Equal(2, (int)nodes["count"]!);

            var processes = ProcessTree.Below(farm.Id);
            Assert.Contains(processes, process => process.Command == "nginx");
            Assert.Contains(processes, process => process.Command == "postgres");
            using (var end = Process.Start("kill", ["-INT", $"{farm.Id}"])) await end.WaitForExitAsync();
            await farm.WaitForExitAsync(_deadline.Token);

            Assert.Equal(0, farm.ExitCode);
            Assert.All(processes, process => Assert.False(process.IsAlive, $"{process} is left"));
            Assert.DoesNotContain(_lines, line => line.Contains("was killed", StringComparison.Ordinal));
        }
        finally
        {
            if (!farm.HasExited) farm.Kill(entireProcessTree: true);
        }

        foreach (var node in new[] { "node-1", "node-2" })
        {
            var recordings = Directory.GetFiles(_folder["output", node], "*.mp4", SearchOption.AllDirectories);
            Assert.NotEmpty(recordings);
            foreach (var recording in recordings) await Mp4File.MustBeSound(recording);
            Assert.NotEmpty(Directory.GetFiles(_folder["output", node], "rtsp_report.json", SearchOption.AllDirectories));
        }
    }

    [Fact]
    public async Task A_farm_ends_by_itself_after_its_duration()
    {
        using var farm = Launch("--silos", "1", "--apis", "1", "--cameras", "1", "--port", $"{FreePorts.Find(1)[0]}", "--duration", "3");
        await farm.WaitForExitAsync(_deadline.Token);

        Assert.Equal(0, farm.ExitCode);
        Assert.Contains("Ending the captures, then the processes ...", _lines);
    }

    [Fact]
    public async Task The_children_of_a_farm_that_is_killed_do_not_outlive_it()
    {
        using var farm = Launch("--silos", "1", "--apis", "1", "--cameras", "1", "--port", $"{FreePorts.Find(1)[0]}");
        await UntilSaid("Ctrl+C ends all of it.");
        var processes = ProcessTree.Below(farm.Id);
        Assert.NotEmpty(processes);

        farm.Kill();
        await farm.WaitForExitAsync(_deadline.Token);

        while (processes.Any(process => process.IsAlive)) await Task.Delay(TimeSpan.FromMilliseconds(100), _deadline.Token);
    }

    [Fact]
    public async Task A_farm_whose_start_is_interrupted_leaves_nothing()
    {
        using var farm = Launch("--silos", "1", "--apis", "1", "--cameras", "1", "--port", $"{FreePorts.Find(1)[0]}");
        await UntilSaid("Starting 1 silos");
        var processes = ProcessTree.Below(farm.Id);

        using (var end = Process.Start("kill", ["-TERM", $"{farm.Id}"])) await end.WaitForExitAsync();
        await farm.WaitForExitAsync(_deadline.Token);

        Assert.Equal(0, farm.ExitCode);
        Assert.All(processes, process => Assert.False(process.IsAlive, $"{process} is left"));
    }

    [Theory]
    [InlineData("--silos", "0")]
    [InlineData("--apis", "21")]
    [InlineData("--cameras", "501")]
    [InlineData("--port", "0")]
    [InlineData("--duration", "0")]
    public async Task A_farm_out_of_range_is_refused(string option, string value)
    {
        var output = await Shell.Run("dotnet", RecorderProgram.Path, "farm", option, value);

        Assert.Equal(RecorderProgram.UserError, output.ExitCode);
        Assert.Contains("无效", output.Errors);
        Assert.Contains("is not valid", output.Errors);
    }

    public void Dispose()
    {
        _deadline.Dispose();
        _folder.Dispose();
    }

    private Process Launch(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [RecorderProgram.Path, "farm", "--output", _folder["output"], .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var farm = Process.Start(start)!;
        farm.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        farm.ErrorDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        farm.BeginOutputReadLine();
        farm.BeginErrorReadLine();
        return farm;
    }

    private async Task UntilSaid(string text)
    {
        try
        {
            while (!_lines.Any(line => line.Contains(text, StringComparison.Ordinal))) await Task.Delay(TimeSpan.FromMilliseconds(100), _deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"never said \"{text}\", but:\n{string.Join('\n', _lines)}");
        }
    }
}
