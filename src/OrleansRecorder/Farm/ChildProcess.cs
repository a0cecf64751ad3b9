using System.Diagnostics;
using System.Runtime.InteropServices;
using OrleansRecorder.Hosting;

namespace OrleansRecorder.Farm;

/// <summary>
/// A running child: in a session of its own, so that the terminal's Ctrl+C reaches this process alone and the children end in the right order; ended by
/// the kernel when this process is gone.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    // The shell opens the log, then becomes setpriv, which becomes setsid, which becomes the program: one process, one id.
    private const string Script = "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null";

    private readonly Process _process;

    private ChildProcess(ChildSpec spec, Process process)
    {
        Spec = spec;
        _process = process;
        Exited = WaitForExit(process);
    }

    /// <summary>What it was started from.</summary>
    public ChildSpec Spec { get; }

    /// <summary>Its id, which is also its process group's.</summary>
    public int Id => _process.Id;

    /// <summary>Completes with its exit code; 128 and the signal's number when a signal ended it.</summary>
    public Task<int> Exited { get; }

    /// <summary>Starts it. Throws <see cref="StartupException"/> when the system's tools for that are missing.</summary>
    public static async Task<ChildProcess> Start(ChildSpec spec)
    {
        string[] user = spec.User is { } name ? ["--reuid", name, "--regid", SystemTool.GroupOf(name), "--clear-groups"] : [];
        var start = new ProcessStartInfo("/bin/sh",
            ["-c", Script, spec.Name, spec.LogFile, "setpriv", "--pdeathsig", NameOf(spec.DeathSignal), .. user, "setsid", spec.Program, .. spec.Arguments]);
        foreach (var (key, value) in spec.Environment) start.Environment[key] = value;
        try
        {
            return new ChildProcess(spec, await ParentThread.Run(() => Process.Start(start)!));
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new StartupException($"无法启动 {spec.Name}: {e.Message}", $"{spec.Name} cannot be started: {e.Message}", e);
        }
    }

    /// <summary>Sends a signal; does nothing when it has ended.</summary>
    public void Send(Signal signal)
    {
        if (!_process.HasExited) _ = kill(_process.Id, (int)signal);
    }

    /// <summary>Sends a signal, waits, and kills it with all that it has started when it is not gone within the limit.</summary>
    /// <returns>Whether it ended by itself.</returns>
    public async Task<bool> End(Signal signal, TimeSpan within, TimeProvider time)
    {
        Send(signal);
        try
        {
            await Exited.WaitAsync(within, time);
            return true;
        }
        catch (TimeoutException)
        {
            _ = kill(-_process.Id, (int)Signal.Kill);
            await Exited;
            return false;
        }
    }

    /// <summary>The last lines that it printed.</summary>
    public string Tail(int lines = 8)
    {
        try
        {
            return string.Join('\n', File.ReadLines(Spec.LogFile).TakeLast(lines));
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();

    // As setpriv wants it.
    private static string NameOf(Signal signal) => signal switch
    {
        Signal.Interrupt => "SIGINT",
        Signal.Quit => "SIGQUIT",
        Signal.Terminate => "SIGTERM",
        _ => "SIGKILL",
    };

    private static async Task<int> WaitForExit(Process process)
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int pid, int signal);
}
