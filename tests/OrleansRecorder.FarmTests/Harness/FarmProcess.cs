using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using OrleansRecorder.Farm;

namespace OrleansRecorder.FarmTests.Harness;

/// <summary>One process of a test farm over all its lives: killed, frozen, ended politely, started again, its output kept in one file.</summary>
internal sealed class FarmProcess(ChildSpec spec, Uri readiness, HttpClient http) : IAsyncDisposable
{
    private const int SigCont = 18;
    private const int SigStop = 19;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(60);

    private ChildProcess? _child;

    /// <summary>Its name on the farm.</summary>
    public string Name => spec.Name;

    /// <summary>A setting as it was started with, such as <c>Silo:Port</c>; null: it has the default.</summary>
    public string? Setting(string name) => spec.Environment.GetValueOrDefault("RECORDER_" + name.Replace(":", "__", StringComparison.Ordinal));

    /// <summary>The id of its present, or last, life.</summary>
    public int Id => _child!.Id;

    /// <summary>It runs, frozen or not.</summary>
    public bool IsRunning => _child is { Exited.IsCompleted: false };

    /// <summary>Completes with the exit code of its present life; 128 and the signal's number when a signal ended it.</summary>
    public Task<int> Exited => _child!.Exited;

    /// <summary>All that it has printed, over all its lives.</summary>
    public string Log => File.Exists(spec.LogFile) ? File.ReadAllText(spec.LogFile) : "";

    /// <summary>Starts it; does not wait for it to be ready.</summary>
    public async Task Launch()
    {
        _child?.Dispose();
        _child = await ChildProcess.Start(spec);
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    public async Task Start()
    {
        await Launch();
        await UntilReady();
    }

    /// <summary>Waits until <c>/readyz</c> says 200. Throws with its log when it ends instead, or takes too long.</summary>
    public async Task UntilReady(TimeSpan? patience = null)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < (patience ?? StartPatience))
        {
            if (Exited.IsCompleted) throw new InvalidOperationException($"{Name} ended with {await Exited}\n{Tail}");
            if (await IsReady()) return;
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        throw new TimeoutException($"{Name} was not ready within {(patience ?? StartPatience).TotalSeconds} s\n{Tail}");
    }

    /// <summary>Whether <c>/readyz</c> says 200 now.</summary>
    public async Task<bool> IsReady()
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            using var answer = await http.GetAsync(readiness, patience.Token);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            // It does not listen, or is frozen.
            return false;
        }
    }

    /// <summary>As a power cut does to it and all that it has started: SIGKILL. Returns when it is gone.</summary>
    public async Task Kill()
    {
        _child!.KillAll();
        await Exited.WaitAsync(EndPatience);
    }

    /// <summary>It hangs from now on: SIGSTOP.</summary>
    public void Freeze() => _ = kill(Id, SigStop);

    /// <summary>It goes on: SIGCONT.</summary>
    public void Thaw() => _ = kill(Id, SigCont);

    /// <summary>As a supervisor does: SIGTERM. Returns its exit code when it is gone.</summary>
    public async Task<int> Terminate()
    {
        _child!.Send(Signal.Terminate);
        try
        {
            return await Exited.WaitAsync(EndPatience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"SIGTERM did not end {Name} within {EndPatience.TotalSeconds} s\n{Tail}");
        }
    }

    /// <summary>The last lines of its log.</summary>
    public string Tail => $"--- {Name}\n{string.Join('\n', Log.Split('\n').TakeLast(40))}";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_child is null) return;
        if (IsRunning)
        {
            Thaw();
            await Kill();
        }

        _child.Dispose();
    }

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);
}
