using System.Net.Sockets;
using System.Threading.Channels;
using OrleansRecorder.Cameras.Command;

namespace OrleansRecorder.Cameras;

/// <summary>The command <c>recorder camera</c>.</summary>
public static class CameraProgram
{
    private const int MostLines = 10_000;

    /// <summary>The exit code when it was stopped as it should be.</summary>
    public const int Stopped = 0;

    /// <summary>The exit code when it could not start: a port is taken, FFmpeg is missing, a file cannot be written.</summary>
    public const int Failed = 1;

    /// <summary>The exit code when options are wrong.</summary>
    public const int BadOptions = 2;

    /// <summary>
    /// Runs cameras until cancelled. Writes their addresses, then <c>ready</c> once all of them can be watched, then a line for every session
    /// that starts or ends.
    /// </summary>
    /// <returns><see cref="Stopped"/>, <see cref="Failed"/> or <see cref="BadOptions"/>.</returns>
    public static async Task<int> Run(CameraSettings settings, TextWriter output, CancellationToken cancellation)
    {
        List<string> problems = [];
        var plan = CameraPlan.Of(settings, problems);
        foreach (var problem in problems) await output.WriteLineAsync(problem);
        if (plan is null) return BadOptions;

        // The server's thread must never wait for a slow terminal: lines that cannot be shown in time are left out.
        var lines = Channel.CreateBounded<string>(new BoundedChannelOptions(MostLines) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
        var showing = Show(lines.Reader, output);
        try
        {
            await Serve(settings, plan, line => lines.Writer.TryWrite(line), cancellation);
            return Stopped;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Stopped;
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            lines.Writer.TryWrite(e is SocketException ? $"cannot listen on {settings.Listen} port {settings.Port}: {e.Message}" : e.Message);
            return Failed;
        }
        finally
        {
            lines.Writer.Complete();
            await showing;
        }
    }

    private static async Task Serve(CameraSettings settings, CameraPlan plan, Action<string> log, CancellationToken cancellation)
    {
        await using var server = CameraServer.Start(plan.Server with { Log = log });
        foreach (var camera in plan.Cameras) server.Add(camera);
        log($"{plan.Cameras.Count} cameras: making their clips, unless they are there from last time");
        await server.PrepareAsync().WaitAsync(cancellation);
        await using var statistics = settings.StatsPort is { } port ? await StatisticsEndpoint.Start(server, plan.Server.Listen, port) : null;
        if (settings.ConfigurationFile is { } file) await RecorderConfiguration.Write(file, server.Cameras, cancellation);

        log(string.Join(Environment.NewLine, server.Cameras.Select(c => c.Fault == CameraFault.None ? c.Address : $"{c.Address} ({c.Fault})")));
        if (statistics is not null) log($"statistics: {statistics.Address}/stats");
        log("ready");
        await Task.Delay(Timeout.Infinite, cancellation);
    }

    private static async Task Show(ChannelReader<string> lines, TextWriter output)
    {
        await foreach (var line in lines.ReadAllAsync())
        {
            await output.WriteLineAsync(line);
            await output.FlushAsync();
        }
    }
}
