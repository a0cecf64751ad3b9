using System.Net.Sockets;
using OrleansRecorder.Cameras.Command;

namespace OrleansRecorder.Cameras;

/// <summary>The command <c>recorder camera</c>.</summary>
public static class CameraProgram
{
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
        output = TextWriter.Synchronized(output);
        List<string> problems = [];
        if (CameraPlan.Of(settings, problems) is not { } plan)
        {
            foreach (var problem in problems) await output.WriteLineAsync(problem);
            return BadOptions;
        }

        try
        {
            await using var server = CameraServer.Start(plan.Server with { Log = output.WriteLine });
            foreach (var camera in plan.Cameras) server.Add(camera);
            await output.WriteLineAsync($"{plan.Cameras.Count} cameras: making their clips, unless they are there from last time");
            await server.PrepareAsync().WaitAsync(cancellation);
            await using var statistics = settings.StatsPort is { } port ? await StatisticsEndpoint.Start(server, plan.Server.Listen, port) : null;
            if (settings.ConfigurationFile is { } file) await RecorderConfiguration.Write(file, server.Cameras, cancellation);

            foreach (var camera in server.Cameras) await output.WriteLineAsync(camera.Fault == CameraFault.None ? camera.Address : $"{camera.Address} ({camera.Fault})");
            if (statistics is not null) await output.WriteLineAsync($"statistics: {statistics.Address}");
            await output.WriteLineAsync("ready");
            await output.FlushAsync(cancellation);
            await Task.Delay(Timeout.Infinite, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Stopped;
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            await output.WriteLineAsync(e is SocketException ? $"cannot listen on {settings.Listen} port {settings.Port}: {e.Message}" : e.Message);
            return Failed;
        }

        return Stopped;
    }
}
