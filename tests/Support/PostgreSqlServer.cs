using System.Net;
using System.Net.Sockets;
using Npgsql;
using OrleansRecorder.Farm;

namespace OrleansRecorder.Testing;

/// <summary>
/// A PostgreSQL of its own, in a temporary folder, on a free port of the loopback interface. It can be ended politely or killed, and started again on
/// the same data and port. What was committed survives the death of its processes; a power cut is not looked at, so nothing waits for the disk.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string User = "recorder";
    private const string Template = "recorder_template";
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly string _password = Guid.NewGuid().ToString("N");
    private readonly IPAddress? _alsoOn;
    private int _port;
    private int _databases;
    private PostgreSqlProcess? _process;

    private PostgreSqlServer(IPAddress? alsoOn) => _alsoOn = alsoOn;

    /// <summary>The same on each of its addresses, over all its starts.</summary>
    public int Port => _port;

    /// <summary>What a program must not tell.</summary>
    public string Password => _password;

    /// <summary>What the server has said since its last start.</summary>
    public string Log => _process?.Log ?? "";

    /// <summary>Makes a server and waits until it answers.</summary>
    /// <param name="alsoOn">An address beside loopback to listen on; who is on its network may log in too.</param>
    public static async Task<PostgreSqlServer> Create(IPAddress? alsoOn = null)
    {
        var server = new PostgreSqlServer(alsoOn);
        try
        {
            await PostgreSqlProcess.MakeData(server._folder.Path, User, server._password);
            await server.Start();
            await server.Execute("postgres", $"CREATE DATABASE {Template}");
            await FarmScripts.Apply(server.ConnectionString(Template));
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a database for one test, with the farm's schema; returns its connection string.</summary>
    public Task<string> CreateDatabase() => CreateDatabase(Template);

    /// <summary>Makes a database with nothing in it; returns its connection string.</summary>
    public Task<string> CreateEmptyDatabase() => CreateDatabase("template0");

    /// <summary>Starts it, or starts it again on the same data and port, and waits until it answers.</summary>
    public async Task Start()
    {
        using var patience = new CancellationTokenSource(StartPatience);
        while (true)
        {
            if (_process is not null) await _process.DisposeAsync();
            // Another process may take a free port first; once databases are known by the port it stays.
            if (_databases == 0) _port = FreePorts.Find(1)[0];
            _process = PostgreSqlProcess.Launch(_folder.Path, _port, _alsoOn);
            if (await Answers(patience.Token)) return;
            if (patience.IsCancellationRequested) throw new TimeoutException($"PostgreSQL was not ready within {StartPatience}\n{Log}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
        }
    }

    /// <summary>Ends it as an administrator does: whoever is connected is sent away.</summary>
    public Task Stop() => _process!.Interrupt();

    /// <summary>Ends it, and starts it again after so long, as an upgrade or a change of its settings does. Returns when it answers.</summary>
    public async Task Restart(TimeSpan away)
    {
        await Stop();
        await Task.Delay(away);
        await Start();
    }

    /// <summary>All its processes die at once: SIGKILL.</summary>
    public Task Kill() => _process!.Kill();

    /// <summary>It hangs: connections stay, and new ones are made, but nothing answers.</summary>
    public Task Suspend() => _process!.Signal("STOP");

    /// <summary>It goes on where it was.</summary>
    public Task Resume() => _process!.Signal("CONT");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.Kill();
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task<string> CreateDatabase(string template)
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await Execute("postgres", $"CREATE DATABASE {name} TEMPLATE {template}");
        return ConnectionString(name, pooling: true);
    }

    private string ConnectionString(string database, bool pooling = false) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Username = User,
        Password = _password,
        Database = database,
        Pooling = pooling, // a template must have no connections
        MaxPoolSize = 30,
        Timeout = 10,
    }.ConnectionString;

    private async Task Execute(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Waits until it answers; false when it ended instead, or the patience is over.</summary>
    private async Task<bool> Answers(CancellationToken patience)
    {
        while (!patience.IsCancellationRequested && !_process!.HasExited)
        {
            try
            {
                await Execute("postgres", "SELECT 1");
                return true;
            }
            catch (NpgsqlException)
            {
                // It does not listen yet, or recovers from a crash first.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        }

        return false;
    }
}
