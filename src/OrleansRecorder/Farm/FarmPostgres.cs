using Npgsql;
using OrleansRecorder.Hosting;

namespace OrleansRecorder.Farm;

/// <summary>A PostgreSQL of the farm's own: fresh, on loopback, with a password that nobody else knows.</summary>
internal sealed class FarmPostgres
{
    private const string User = "recorder";
    private const string Database = "recorder";
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly string _password;

    private FarmPostgres(int port, string password, string passwordFile, ChildSpec spec)
    {
        Port = port;
        PasswordFile = passwordFile;
        Spec = spec;
        _password = password;
    }

    /// <summary>On loopback.</summary>
    public int Port { get; }

    /// <summary>Readable by this user only.</summary>
    public string PasswordFile { get; }

    /// <summary>The server, to be started.</summary>
    public ChildSpec Spec { get; }

    /// <summary>Without the password, for settings.</summary>
    public string Connection => $"Host=127.0.0.1;Port={Port};Username={User};Database={Database}";

    /// <summary>With the password, for the environment of the command that makes the schema.</summary>
    public string ConnectionWithPassword => $"{Connection};Password={_password}";

    /// <summary>Makes the data directory. PostgreSQL refuses to run as root; then Debian's user for it, or nobody, runs it.</summary>
    public static async Task<FarmPostgres> Create(FarmFolder folder, int port, string logFile, CancellationToken stop)
    {
        var initdb = SystemTool.Find("postgresql", ["initdb", .. DebianPlaces("initdb")]);
        var server = SystemTool.Find("postgresql", [Path.Combine(Path.GetDirectoryName(Real(initdb))!, "postgres"), "postgres", .. DebianPlaces("postgres")]);
        var user = Environment.IsPrivilegedProcess ? SystemTool.HasUser("postgres") ? "postgres" : "nobody" : null;
        var (password, passwordFile) = folder.NewSecret("database-password");

        var data = folder["postgres"];
        string[] asUser = user is null ? [] : ["--reuid", user, "--regid", SystemTool.GroupOf(user), "--clear-groups"];
        Directory.CreateDirectory(data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Copy(passwordFile, Path.Combine(data, "password"));
        if (user is not null) await SystemTool.Run("chown", ["-R", user, data], stop);
        await SystemTool.Run("setpriv",
            [.. asUser, "--", initdb, "-D", Path.Combine(data, "data"), "-U", User, "-A", "scram-sha-256", $"--pwfile={Path.Combine(data, "password")}", "-E", "UTF8", "--locale=C", "--no-sync"], stop);

        string[] arguments =
        [
            "-D", Path.Combine(data, "data"), "-c", "listen_addresses=127.0.0.1", "-c", $"port={port}", "-c", "unix_socket_directories=",
            "-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "log_min_messages=warning",
        ];
        // SIGQUIT: its processes go with it, also when this one was killed.
        var spec = new ChildSpec("PostgreSQL", server, arguments) { LogFile = logFile, User = user, DeathSignal = Signal.Quit };
        return new FarmPostgres(port, password, passwordFile, spec);
    }

    /// <summary>Waits until it takes connections, and makes the database.</summary>
    public async Task CreateDatabase(ChildProcess process, TimeProvider time, CancellationToken stop)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection($"{ConnectionWithPassword};Timeout=5;Pooling=false".Replace($"Database={Database}", "Database=postgres", StringComparison.Ordinal));
                await connection.OpenAsync(stop);
                await using var command = new NpgsqlCommand($"CREATE DATABASE {Database}", connection);
                await command.ExecuteNonQueryAsync(stop);
                return;
            }
            catch (NpgsqlException e)
            {
                if (process.Exited.IsCompleted || time.GetElapsedTime(begun) > StartPatience)
                    throw new StartupException($"PostgreSQL 没有启动:\n{process.Tail()}", $"PostgreSQL did not start:\n{process.Tail()}", e);
            }

            await Task.Delay(Pause, time, stop);
        }
    }

    // Debian keeps the server's programs out of PATH, a folder a version.
    private static IEnumerable<string> DebianPlaces(string program) => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin", program))
        : [];

    private static string Real(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
}
