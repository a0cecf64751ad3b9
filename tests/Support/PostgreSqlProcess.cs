using System.Diagnostics;
using System.Net;
using System.Text;

namespace OrleansRecorder.Testing;

/// <summary>The server's programs. They refuse to run as root; then they run as the user that the Debian package makes.</summary>
internal sealed class PostgreSqlProcess : IAsyncDisposable
{
    private const string Owner = "postgres";
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private PostgreSqlProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += Keep;
        process.OutputDataReceived += Keep;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public bool HasExited => _process.HasExited;

    public string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    /// <summary>Makes an empty data directory in the folder, and gives the folder to the server's user.</summary>
    public static async Task MakeData(string folder, string user, string password)
    {
        var passwordFile = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(passwordFile, password);
        if (IsRoot) Check(await Shell.Run("chown", "-R", $"{Owner}:", folder));
        string[] arguments =
        [
            "-D", Data(folder), "-U", user, $"--pwfile={passwordFile}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions",
        ];
        var (program, all) = AsOwner(Program("initdb"), arguments);
        Check(await Shell.Run(program, all));
        await File.AppendAllTextAsync(Path.Combine(Data(folder), "pg_hba.conf"), "host all all samenet scram-sha-256\n");
    }

    public static PostgreSqlProcess Launch(string folder, int port, IPAddress? alsoOn)
    {
        string[] arguments =
        [
            "-D", Data(folder), "-p", $"{port}", "-c", $"listen_addresses=127.0.0.1{(alsoOn is null ? "" : $",{alsoOn}")}", "-c", "unix_socket_directories=", "-c", "fsync=off",
            "-c", "max_connections=200", "-c", "shared_buffers=32MB",
        ];
        var (program, all) = AsOwner(Program("postgres"), arguments);
        var start = new ProcessStartInfo(program, all) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        return new(Process.Start(start) ?? throw new InvalidOperationException("PostgreSQL did not start"));
    }

    /// <summary>A fast shutdown.</summary>
    public async Task Interrupt()
    {
        if (!HasExited) Check(await Shell.Run("kill", "-INT", $"{_process.Id}"));
        await Ended();
    }

    public async Task Kill()
    {
        if (!HasExited) _process.Kill(entireProcessTree: true);
        await Ended();
    }

    /// <summary>Sends a signal to the server and to all who serve a connection.</summary>
    public async Task Signal(string name)
    {
        var children = await File.ReadAllTextAsync($"/proc/{_process.Id}/task/{_process.Id}/children");
        Check(await Shell.Run("kill", [$"-{name}", $"{_process.Id}", .. children.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));
    }

    public ValueTask DisposeAsync()
    {
        _process.Dispose();
        return default;
    }

    private static bool IsRoot => Environment.IsPrivilegedProcess;

    private static string Data(string folder) => Path.Combine(folder, "data");

    private async Task Ended()
    {
        using var patience = new CancellationTokenSource(EndPatience);
        await _process.WaitForExitAsync(patience.Token);
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null) return;
        lock (_log) _log.AppendLine(line.Data);
    }

    /// <summary>Debian keeps the server's programs out of the path, a folder a version; the newest is taken.</summary>
    private static string Program(string name)
    {
        const string versions = "/usr/lib/postgresql";
        var found = Directory.Exists(versions)
            ? Directory.GetDirectories(versions).OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin", name)).FirstOrDefault(File.Exists)
            : null;
        return found ?? throw new InvalidOperationException($"{versions}/*/bin/{name} is missing: apt-get install postgresql");
    }

    // setpriv becomes the program, so the process that was started is the server itself.
    private static (string Program, string[] Arguments) AsOwner(string program, string[] arguments) => IsRoot
        ? ("setpriv", [$"--reuid={Owner}", $"--regid={Owner}", "--clear-groups", program, .. arguments])
        : (program, arguments);

    private static void Check(Shell.Output output)
    {
        if (output.ExitCode != 0) throw new InvalidOperationException($"exit code {output.ExitCode}: {output.Errors}{output.Text}");
    }
}
