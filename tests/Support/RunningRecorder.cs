using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansRecorder.Farm;

namespace OrleansRecorder.Testing;

/// <summary>
/// The program as its users start it: <c>recorder run</c> in a process of its own on a free port, with its output kept. It can be killed,
/// ended politely and started again on the same directories.
/// </summary>
public sealed class RunningRecorder : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int SigKill = 9;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private readonly int _port = FreePorts.Find(1)[0];
    private readonly StringBuilder _log = new();
    private Process _process;

    private RunningRecorder(string folder, string[] arguments)
    {
        _folder = folder;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}"), Timeout = TimeSpan.FromSeconds(30) };
        _process = Launch(arguments);
    }

    /// <summary>Speaks to its API.</summary>
    public HttpClient Http { get; }

    /// <summary>The recordings' directory.</summary>
    public string Output => Path.Combine(_folder, "output");

    /// <summary>The configuration file.</summary>
    public string ConfigFile => Path.Combine(_folder, "config.json");

    /// <summary>All that it has printed so far, over all its lives.</summary>
    public string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    /// <summary>Writes the configuration into the folder, starts the program there, and returns when it is ready.</summary>
    public static async Task<RunningRecorder> Start(string folder, string config, params string[] arguments)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "config.json"), config);
        var recorder = new RunningRecorder(folder, arguments);
        await recorder.UntilReady();
        return recorder;
    }

    /// <summary>A configuration of some streams, each into <c>cameraN.mp4</c>, N from 1.</summary>
    public static string Config(IEnumerable<string> urls, int totalSeconds, int concurrent, int durationSeconds, int cycles = 1, int interval = 1, double connectionTimeout = 5, double readTimeout = 5) =>
        JsonSerializer.Serialize(new
        {
            global_config = new
            {
                total_poll_duration_seconds = totalSeconds,
                max_concurrent_streams = concurrent,
                output_directory = "./output",
                report_filename = "rtsp_report.json",
                connection_timeout_seconds = connectionTimeout,
                read_timeout_seconds = readTimeout,
                poll_cycles = cycles,
                cycle_interval_seconds = interval,
                max_sessions_per_host = 0,
            },
            streams = urls.Select((url, n) => new { rtsp_url = url, duration_seconds = durationSeconds, weight = 1.0, output_filename = $"camera{n + 1}.mp4" }),
        });

    /// <summary>The body of a GET, which must answer 200.</summary>
    public async Task<JsonNode> Get(string path)
    {
        using var answer = await Http.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"GET {path}: {(int)answer.StatusCode} {text}");
    }

    /// <summary>Asks four times a second until the answer satisfies; throws <see cref="TimeoutException"/> with the last answer and the log otherwise.</summary>
    public async Task<JsonNode> Until(string path, Func<JsonNode, bool> satisfies, int seconds = 60)
    {
        var clock = Stopwatch.StartNew();
        JsonNode last = JsonValue.Create("nothing");
        while (clock.Elapsed < TimeSpan.FromSeconds(seconds))
        {
            last = await Get(path);
            if (satisfies(last)) return last;
            await Task.Delay(TimeSpan.FromMilliseconds(250));
        }

        throw new TimeoutException($"after {seconds} s {path} still is {last.ToJsonString()}\n{Log}");
    }

    /// <summary>As a power cut does to it: SIGKILL.</summary>
    public Task Kill() => End(SigKill);

    /// <summary>As a supervisor does: SIGTERM.</summary>
    public Task Terminate() => End(SigTerm);

    /// <summary>The exit code of its last life.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts it again on the same configuration, state, recordings and port.</summary>
    public async Task Restart(params string[] arguments)
    {
        _process.Dispose();
        _process = Launch(arguments);
        await UntilReady();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await End(SigKill);
        _process.Dispose();
        Http.Dispose();
    }

    private Process Launch(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "recorder.dll"), "run", Output, $"{_port}", "--listen", "127.0.0.1",
                "--config", ConfigFile, "--state", Path.Combine(_folder, "state"), "--node", "node-1", .. arguments,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("the recorder did not start");
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_log) _log.AppendLine(line);
    }

    private async Task UntilReady()
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < StartPatience)
        {
            if (_process.HasExited) throw new InvalidOperationException($"the recorder ended with {_process.ExitCode}\n{Log}");
            try
            {
                using var answer = await Http.GetAsync("/readyz");
                if (answer.StatusCode == HttpStatusCode.OK) return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        throw new TimeoutException($"the recorder was not ready within {StartPatience}\n{Log}");
    }

    private async Task End(int signal)
    {
        using (var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"])) await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(EndPatience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"signal {signal} did not end the recorder within {EndPatience}\n{Log}");
        }
    }
}
