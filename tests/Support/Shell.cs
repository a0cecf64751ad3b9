using System.Diagnostics;

namespace OrleansRecorder.Testing;

/// <summary>Runs a program to its end, with a deadline, and keeps what it prints.</summary>
public static class Shell
{
    /// <summary>What a program printed, and its exit code.</summary>
    public sealed record Output(int ExitCode, string Text, string Errors);

    /// <summary>Runs a program; throws <see cref="TimeoutException"/> and ends it when it takes longer than a minute.</summary>
    public static async Task<Output> Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            var text = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return new Output(process.ExitCode, await text, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} took longer than a minute");
        }
    }
}
