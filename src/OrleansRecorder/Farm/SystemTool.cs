using System.Diagnostics;
using OrleansRecorder.Hosting;

namespace OrleansRecorder.Farm;

/// <summary>Programs of the system that the farm stands on.</summary>
internal static class SystemTool
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The first of these paths that is a program; PATH is searched for a bare name. Throws <see cref="StartupException"/> that names the package.</summary>
    public static string Find(string package, params string[] candidates) =>
        candidates.SelectMany(Places).FirstOrDefault(File.Exists) ?? throw new StartupException(
            $"找不到 {candidates[0]}: 请安装软件包 {package}, 例如 apt-get install {package}",
            $"{candidates[0]} is not installed: install the package {package}, as in 'apt-get install {package}'");

    /// <summary>Whether the system has that user.</summary>
    public static bool HasUser(string name) => File.ReadLines("/etc/passwd").Any(line => line.StartsWith(name + ":", StringComparison.Ordinal));

    /// <summary>The number of that user's group.</summary>
    public static string GroupOf(string user) => File.ReadLines("/etc/passwd").First(line => line.StartsWith(user + ":", StringComparison.Ordinal)).Split(':')[3];

    /// <summary>Runs a program to its end; throws <see cref="StartupException"/> with what it printed when it fails.</summary>
    public static async Task Run(string program, IEnumerable<string> arguments, CancellationToken stop, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>()) start.Environment[key] = value;
        using var process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(Patience);
        try
        {
            var text = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            if (process.ExitCode == 0) return;
            var said = $"{await text}{await errors}".Trim();
            throw new StartupException($"{Path.GetFileName(program)} 失败 ({process.ExitCode}): {said}", $"{Path.GetFileName(program)} failed ({process.ExitCode}): {said}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            stop.ThrowIfCancellationRequested();
            throw new StartupException($"{Path.GetFileName(program)} 在 {Patience.TotalSeconds:0} 秒内没有结束", $"{Path.GetFileName(program)} did not end within {Patience.TotalSeconds:0} s");
        }
    }

    private static IEnumerable<string> Places(string candidate) => candidate.Contains('/')
        ? [candidate]
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, candidate));
}
