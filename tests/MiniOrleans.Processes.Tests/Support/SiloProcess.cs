using System.Diagnostics;
using MiniOrleans.TestSilo;
using OrleansRecorder.Testing;

namespace MiniOrleans.Processes.Tests;

/// <summary>A silo in a process of its own, which can be killed, stopped, woken and asked to end.</summary>
public sealed class SiloProcess : IAsyncDisposable
{
    private const int Kill9 = 9;
    private const int Term = 15;
    private const int Stop = 19;
    private const int Continue = 18;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly List<string> _said = [];
    private readonly List<string> _log = [];

    private SiloProcess(SiloSettings settings, Process process)
    {
        Settings = settings;
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public SiloSettings Settings { get; }

    public string Name => Settings.Name;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public SiloAddress Address => SiloAddress.FromParsableString(Said("ready ").Single());

    /// <summary>What <c>RuntimeIdentity</c> says there.</summary>
    public string Identity => Address.ToString();

    public string Log
    {
        get { lock (_log) return string.Join('\n', _log); }
    }

    public static SiloSettings NewSettings(string name, string cluster, string database, string secret)
    {
        var (silo, gateway) = Ports.ForSilo();
        return new(name, silo, gateway, cluster, database, secret);
    }

    public static SiloProcess Launch(SiloSettings settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "test-silo.dll"), .. settings.ToArguments()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new(settings, Process.Start(start) ?? throw new InvalidOperationException("the silo did not start"));
    }

    public static async Task<SiloProcess> Start(SiloSettings settings)
    {
        var silo = Launch(settings);
        await silo.Ready();
        return silo;
    }

    /// <summary>Waits until it serves.</summary>
    public async Task Ready()
    {
        var clock = Stopwatch.StartNew();
        while (Said("ready ").Length == 0)
        {
            if (_process.HasExited || clock.Elapsed > Patience) throw new InvalidOperationException($"the silo {Name} did not start\n{Log}");
            await Task.Delay(20);
        }
    }

    /// <summary>The lines that it told the test, of one kind, without the beginning that names the kind.</summary>
    public string[] Said(string beginning)
    {
        lock (_log) return [.. _said.Where(line => line.StartsWith(beginning, StringComparison.Ordinal)).Select(line => line[beginning.Length..])];
    }

    public async Task Kill()
    {
        await Signal(Kill9);
        await Exited();
    }

    public Task Terminate() => Signal(Term);

    public Task Freeze() => Signal(Stop);

    public Task Wake() => Signal(Continue);

    /// <summary>Waits until the process is gone.</summary>
    public async Task Exited(int withinSeconds = 60)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(withinSeconds));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"the silo {Name} did not end within {withinSeconds} s\n{Log}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await Kill();
        _process.Dispose();
    }

    private async Task Signal(int signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_log)
        {
            _log.Add(line);
            if (line.StartsWith('>')) _said.Add(line[1..]);
        }
    }
}
