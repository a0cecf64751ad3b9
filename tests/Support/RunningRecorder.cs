using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansRecorder.Testing;

/// <summary>
/// The program itself, <c>recorder run</c>, as a process of its own over a folder that holds <c>config.json</c>, <c>output</c> and <c>state</c>.
/// It can be ended in any way and started again on what it left. The test project must reference the executable's project.
/// </summary>
public sealed class RunningRecorder : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    private readonly StringBuilder _log = new();
    private readonly Dictionary<string, string> _environment;
    private Process? _process;

    /// <summary>Prepares a run; <see cref="Start"/> starts it.</summary>
    /// <param name="folder">Where everything of it is; the process's working directory.</param>
    /// <param name="config">Text for <c>config.json</c>; null leaves the file that is there.</param>
    /// <param name="environment">Environment variables, such as <c>RECORDER_Api__UnfinishedTime</c>.</param>
    public RunningRecorder(string folder, string? config = null, params (string Name, string Value)[] environment)
    {
        Folder = folder;
        _environment = environment.ToDictionary(e => e.Name, e => e.Value);
        if (config is not null) File.WriteAllText(ConfigPath, config);
        Port = FreePort();
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://127.0.0.1:{Port}"), Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>Where everything of it is.</summary>
    public string Folder { get; }

    /// <summary>The port of its API, the same after every start.</summary>
    public int Port { get; }

    /// <summary>Calls its API; does not follow redirects.</summary>
    public HttpClient Http { get; }

    /// <summary>Its configuration file.</summary>
    public string ConfigPath => Path.Combine(Folder, "config.json");

    /// <summary>Its output directory; the API calls it <c>./output</c>.</summary>
    public string OutputPath => Path.Combine(Folder, "output");

    /// <summary>The process's number while it runs.</summary>
    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("the recorder does not run");

    /// <summary>Everything that it has printed since it was first started.</summary>
    public string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    /// <summary>Starts the process and waits until it is ready. Throws with what it printed when it ends instead.</summary>
    /// <param name="arguments">More arguments, such as <c>--start</c>.</param>
    public async Task Start(params string[] arguments)
    {
        if (_process is not null) throw new InvalidOperationException("the recorder runs already");
        _process = Launch(arguments);
        using var patience = new CancellationTokenSource(StartPatience);
        while (!await IsReady(patience.Token))
        {
            if (_process.HasExited) throw new InvalidOperationException($"the recorder ended with {_process.ExitCode}:\n{Log}");
            if (patience.IsCancellationRequested) throw new TimeoutException($"the recorder was not ready within {StartPatience.TotalSeconds} s:\n{Log}");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    /// <summary>Ends it as <c>kill -9</c> or a power cut does.</summary>
    public async Task Kill()
    {
        if (_process is null) return;
        _process.Kill(entireProcessTree: true);
        await Ended();
    }

    /// <summary>Ends it as a supervisor does, with SIGTERM, and returns its exit code.</summary>
    public async Task<int> Stop()
    {
        if (_process is null) throw new InvalidOperationException("the recorder does not run");
        if (SendSignal(_process.Id, SigTerm) != 0) throw new InvalidOperationException("the recorder has ended by itself");
        return await Ended();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Kill();
        Http.Dispose();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);

    private Process Launch(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "recorder.dll"), "run", "./output", Port.ToString(),
            "--config", ConfigPath, "--state", Path.Combine(Folder, "state"), "--listen", "127.0.0.1", .. arguments,
        ])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in _environment) start.Environment[name] = value;

        var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task<bool> IsReady(CancellationToken patience)
    {
        try
        {
            using var answer = await Http.GetAsync("/readyz", patience);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // Nobody listens yet.
            return false;
        }
    }

    private async Task<int> Ended()
    {
        using var process = _process!;
        using var patience = new CancellationTokenSource(StopPatience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"the recorder did not end within {StopPatience.TotalSeconds} s:\n{Log}");
        }
        finally
        {
            _process = null;
        }
    }

    private void Keep(string? line)
    {
        lock (_log) _log.AppendLine(line);
    }
}
