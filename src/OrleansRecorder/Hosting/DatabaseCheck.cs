using Npgsql;
using OrleansRecorder.Database;
using OrleansRecorder.Settings;

namespace OrleansRecorder.Hosting;

/// <summary>The checks on the farm's database before a process joins. Each throws a <see cref="StartupException"/>; none changes anything.</summary>
internal sealed class DatabaseCheck(FarmSettings farm, TimeProvider time)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Waits until the database takes connections, but not for what waiting does not mend: a wrong password, a database that does not exist. Then
    /// checks the schema and the clocks.
    /// </summary>
    public async Task Check(CancellationToken stop)
    {
        await WaitUntilReachable(stop);
        await FarmSchema.Check(farm.ConnectionString, stop);
        await CheckClock(stop);
    }

    /// <summary>What went wrong with a statement, for a person.</summary>
    public StartupException Failed(NpgsqlException e) => new(
        $"数据库 {farm.DatabaseName} 出错: {Reason(e)}", $"the database {farm.DatabaseName} failed: {Reason(e)}", e);

    private async Task WaitUntilReachable(CancellationToken stop)
    {
        var begun = time.GetTimestamp();
        var pause = TimeSpan.FromMilliseconds(250);
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(farm.ConnectionString);
                await connection.OpenAsync(stop);
                return;
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)
            {
                throw new StartupException(
                    $"数据库 {farm.DatabaseName} 拒绝登录: 用户名或密码错误, 请检查 Database:Connection 与 Database:Password",
                    $"the database {farm.DatabaseName} refuses the login: the user or the password is wrong; check Database:Connection and Database:Password", e);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidCatalogName)
            {
                throw new StartupException(
                    $"数据库 {farm.DatabaseName} 不存在: 请先创建它, 再运行 recorder db init",
                    $"the database {farm.DatabaseName} does not exist: create it, then run 'recorder db init'", e);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException && !stop.IsCancellationRequested)
            {
                // Containers start in any order, and a server that starts refuses connections for a while.
                if (time.GetElapsedTime(begun) >= farm.DatabaseStartLimit) throw Unreachable(e);
            }

            await Task.Delay(pause, time, stop);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    // Leases, directory names and reminders compare times of several machines; the database is the clock that all of them have in common.
    private async Task CheckClock(CancellationToken stop)
    {
        try
        {
            await using var connection = new NpgsqlConnection(farm.ConnectionString);
            await connection.OpenAsync(stop);
            await using var command = new NpgsqlCommand("SELECT clock_timestamp()", connection);
            var before = time.GetUtcNow();
            var theirs = new DateTimeOffset(DateTime.SpecifyKind((DateTime)(await command.ExecuteScalarAsync(stop))!, DateTimeKind.Utc));
            var after = time.GetUtcNow();

            var ours = before + ((after - before) / 2);
            var off = (theirs - ours).Duration() - ((after - before) / 2);
            if (off > farm.ClockTolerance) throw ClockOff(ours, theirs, off);
        }
        catch (NpgsqlException e)
        {
            throw Failed(e);
        }
    }

    private StartupException ClockOff(DateTimeOffset ours, DateTimeOffset theirs, TimeSpan off) => new(
        $"本机时钟 ({ours:yyyy-MM-dd HH:mm:ss} UTC) 与数据库时钟 ({theirs:yyyy-MM-dd HH:mm:ss} UTC) 相差 {off.TotalSeconds:0} 秒, 允许 {farm.ClockTolerance.TotalSeconds:0.#} 秒: 请用 NTP 校准时钟",
        $"this machine's clock ({ours:yyyy-MM-dd HH:mm:ss} UTC) is {off.TotalSeconds:0} s off the database's ({theirs:yyyy-MM-dd HH:mm:ss} UTC), {farm.ClockTolerance.TotalSeconds:0.#} s are allowed: set the clock, with NTP for instance");

    private StartupException Unreachable(Exception e) => new(
        $"{farm.DatabaseStartLimit.TotalSeconds:0} 秒内无法连接数据库 {farm.DatabaseName}: {Reason(e)}",
        $"the database {farm.DatabaseName} could not be reached within {farm.DatabaseStartLimit.TotalSeconds:0} s: {Reason(e)}", e);

    // The driver's own sentence names the endpoint and the fault, never the password.
    private static string Reason(Exception e) => e is PostgresException server ? server.MessageText : (e.InnerException ?? e).Message;
}
