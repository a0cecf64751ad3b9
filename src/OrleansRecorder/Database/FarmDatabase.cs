using Npgsql;
using OrleansRecorder.Hosting;

namespace OrleansRecorder.Database;

/// <summary>Connections to the farm's PostgreSQL, and its failures in words. No message holds a password, nor any other part of a connection string that cannot be read.</summary>
internal sealed class FarmDatabase
{
    private const int OldestServer = 15; // NULLS NOT DISTINCT
    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 60;

    private readonly string _connectionString;
    private readonly string _name;

    private FarmDatabase(string connectionString, string name)
    {
        _connectionString = connectionString;
        _name = name;
    }

    /// <summary>Reads a connection string; connects to nothing yet.</summary>
    /// <exception cref="StartupException">It cannot be read.</exception>
    public static FarmDatabase Of(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = CommandSeconds };
            if (!settings.ContainsKey("Timeout")) settings.Timeout = ConnectSeconds;
            return new(settings.ConnectionString, $"{settings.Database ?? settings.Username}@{settings.Host}:{settings.Port}");
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            // The driver's message may name a piece of the string, and that may be a piece of a password with a ';' in it.
            throw new StartupException(
                "数据库连接字符串无效: 格式为 \"Host=主机;Port=5432;Database=recorder;Username=recorder;Password=…\", 含有 ; 或 = 的值要加引号",
                "the database's connection string is not valid: it looks like \"Host=HOST;Port=5432;Database=recorder;Username=recorder;Password=…\", with quotes around values that hold ; or =");
        }
    }

    /// <summary>Connects, works, and closes.</summary>
    /// <exception cref="StartupException">It could not connect, or the server refused or failed.</exception>
    public async Task<T> Use<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken stop)
    {
        try
        {
            await using var connection = new NpgsqlConnection(_connectionString);
            await connection.OpenAsync(stop);
            if (connection.PostgreSqlVersion.Major < OldestServer) throw TooOld(connection.PostgreSqlVersion);
            return await work(connection);
        }
        catch (PostgresException e)
        {
            throw Refused(e);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw Error($"无法连接: {Reason(e)}; 请检查主机, 端口和网络", $"cannot be reached: {Reason(e)}; check host, port and network", e);
        }
    }

    /// <summary>What the user can mend about this database.</summary>
    public StartupException Error(string chinese, string english, Exception? inner = null) =>
        new($"数据库 {_name} {chinese}", $"the database {_name} {english}", inner);

    private StartupException TooOld(Version version) => Error(
        $"的 PostgreSQL 版本是 {version.Major}: 需要 {OldestServer} 或更新的版本",
        $"runs on PostgreSQL {version.Major}: {OldestServer} or newer is needed");

    private StartupException Refused(PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            Error($"拒绝登录: {e.MessageText}; 请检查用户名和密码", $"refuses the login: {e.MessageText}; check user and password", e),
        PostgresErrorCodes.InvalidCatalogName =>
            Error("不存在: 请先用 createdb 创建", "does not exist: create it first, with createdb", e),
        PostgresErrorCodes.InsufficientPrivilege =>
            Error($"权限不足: {e.MessageText}; 请让该用户成为数据库的所有者", $"lacks a right: {e.MessageText}; make this user the database's owner", e),
        PostgresErrorCodes.LockNotAvailable =>
            Error("被占用太久: 请稍后再试", "was locked by somebody else for too long: try again later", e),
        _ => Error($"报错: {e.MessageText} ({e.SqlState})", $"fails: {e.MessageText} ({e.SqlState})", e),
    };

    private static string Reason(Exception e) => e.GetBaseException().Message;
}
