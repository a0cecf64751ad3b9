using System.Diagnostics;
using System.Globalization;
using OrleansRecorder.Farm;
using OrleansRecorder.Testing;

namespace OrleansRecorder.FarmTests.Harness;

/// <summary>
/// nginx that can be replaced by a new one while it serves, as an upgrade of it does: USR2 starts a new master on the same sockets, QUIT ends the old one and its workers
/// when they have answered. (WINCH, which ends the workers alone, is for an nginx in the background.) nginx refuses that as long as the process that started it is there, so a shell starts it through one that goes; the
/// shell ends when the last master has, and ends the one that there is when it is told to. All are in one session, and are killed together.
/// </summary>
internal sealed class ReplaceableNginx
{
    private const string Script = """
        pid=$1
        shift
        rm -f "$pid" "$pid.oldbin"
        master() { cat "$pid" "$pid.oldbin" 2>/dev/null | head -n 1; }
        ( "$@" & until [ -s "$pid" ] || ! kill -0 $!; do sleep 0.05; done )
        trap 'kill -TERM "$(master)"' TERM
        while kill -0 "$(master)" 2>/dev/null; do sleep 0.1; done
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private string _pidFile = "";

    /// <summary>Starts nginx in this way; other processes as they are.</summary>
    public ChildSpec Wrap(ChildSpec spec)
    {
        if (spec.Name != "nginx") return spec;
        _pidFile = Path.Combine(spec.Arguments[spec.Arguments.Index().First(argument => argument.Item == "-p").Index + 1], "nginx.pid");
        return spec with { Program = "/bin/sh", Arguments = ["-c", Script, "nginx", _pidFile, spec.Program, .. spec.Arguments] };
    }

    /// <summary>The present master's id.</summary>
    public int Master => int.Parse(File.ReadAllText(_pidFile), CultureInfo.InvariantCulture);

    /// <summary>Puts a new nginx in the place of this one; returns when the old one is gone.</summary>
    public async Task Replace()
    {
        var old = Master;
        await Send("USR2", old);
        await Until(() => File.Exists(_pidFile) && File.ReadAllText(_pidFile).EndsWith('\n') && Master != old && ProcessTree.Below(Master).Count > 0, "a new nginx to serve");
        await Send("QUIT", old);
        await Until(() => !Directory.Exists($"/proc/{old}"), "the old nginx to end");
    }

    private static async Task Send(string signal, int id)
    {
        if (await Shell.Run("kill", $"-{signal}", $"{id}") is { ExitCode: not 0 } output) throw new InvalidOperationException(output.Errors);
    }

    private static async Task Until(Func<bool> condition, string what)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); await Task.Delay(TimeSpan.FromMilliseconds(50)))
        {
            if (clock.Elapsed > Patience) throw new TimeoutException($"waited {Patience.TotalSeconds} s for {what}");
        }
    }
}
