using System.Diagnostics;

namespace OrleansRecorder.Media.Tests.Support;

/// <summary>An RTSP server that we did not write, for the time of a test class.</summary>
public class GStreamerServer : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts it with the options of <c>GStreamer/server.py</c>.</summary>
    protected GStreamerServer(params string[] options)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "GStreamer", "server.py");
        _process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [script, .. options]) { RedirectStandardInput = true, RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("python3 did not start");
        Port = int.Parse(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("GStreamer's RTSP server did not start"));
    }

    /// <summary>Plain, over TCP or UDP.</summary>
    public GStreamerServer() : this([])
    {
    }

    /// <summary>Where it listens on this machine.</summary>
    public int Port { get; }

    /// <summary>The address of one of its streams.</summary>
    public string Url(string path, string userInfo = "") => $"rtsp://{userInfo}127.0.0.1:{Port}{path}";

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the server.</summary>
    protected virtual void Dispose(bool disposing)
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000)) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}

/// <summary>Asks for a digest: user <c>admin</c>, password <c>p@ss/word#1</c>.</summary>
public sealed class DigestServer() : GStreamerServer("--digest");

/// <summary>Refuses TCP for media.</summary>
public sealed class UdpServer() : GStreamerServer("--udp");
