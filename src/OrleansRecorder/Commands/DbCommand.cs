using System.CommandLine;
using OrleansRecorder.Database;
using OrleansRecorder.Hosting;
using OrleansRecorder.Settings;

namespace OrleansRecorder.Commands;

/// <summary><c>recorder db init|status</c>: the farm's database.</summary>
internal static class DbCommand
{
    private const int NotRight = 1;
    private const string Variable = "RECORDER_Database";

    public static Command Create()
    {
        var database = new Option<string?>("--database")
        {
            Description = $"The PostgreSQL connection string; default the environment variable {Variable}, which no process list shows.",
            Recursive = true,
        };

        var init = new Command("init", "Makes the farm's tables, or brings them up to date. Safe to run again, and by several at once.");
        init.SetAction(async (parsed, stop) =>
        {
            Say(Changed(await FarmSchema.Init(Given(parsed.GetValue(database)), stop)));
            return 0;
        });

        var status = new Command("status", "Says the schema's version, and what is missing or different; exit code 0 when all is right, else 1.");
        status.SetAction(async (parsed, stop) =>
        {
            var found = await FarmSchema.Status(Given(parsed.GetValue(database)), stop);
            Say(Found(found));
            foreach (var difference in found.Differences)
                Say(difference.IsMissing ? new($"缺少: {difference.Part}", $"missing: {difference.Part}") : new($"不同: {difference.Part}", $"different: {difference.Part}"));
            return found.IsRight ? 0 : NotRight;
        });

        return new Command("db", "The farm's database.") { init, status, database };
    }

    // The password may be where silos and APIs find theirs: RECORDER_Database__Password or RECORDER_Database__PasswordFile.
    private static string Given(string? option)
    {
        var given = option ?? Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrWhiteSpace(given))
        {
            throw new StartupException(
                $"没有指定数据库: 请设置环境变量 {Variable} 或使用 --database",
                $"no database is given: set the environment variable {Variable}, or use --database");
        }

        var variables = Environment.GetEnvironmentVariables();
        variables[Variable] = given;
        var settings = HostSettings.Read(Roles.Api, null, [], variables);
        return FarmSettings.From(settings, "recorder db").ConnectionString;
    }

    private static LocalizedText Changed(SchemaStatus before) => before switch
    {
        { IsRight: true } => new($"数据库已是版本 {FarmSchema.Version}, 无需更改", $"the database is at version {FarmSchema.Version} already; nothing was changed"),
        { Version: null } => new($"已创建表, 版本 {FarmSchema.Version}", $"made the tables, version {FarmSchema.Version}"),
        { Version: FarmSchema.Version } => new(
            $"已修正 {before.Differences.Count} 处, 版本仍为 {FarmSchema.Version}",
            $"mended {before.Differences.Count} parts of version {FarmSchema.Version}"),
        _ => new($"已从版本 {before.Version} 更新到 {FarmSchema.Version}", $"brought the tables from version {before.Version} to {FarmSchema.Version}"),
    };

    private static LocalizedText Found(SchemaStatus found) => found switch
    {
        { IsRight: true } => new($"版本 {found.Version}, 一切正常", $"version {found.Version}, all is right"),
        { Version: null } => new("没有录制系统的表: 请运行 recorder db init", "no tables of the recorder: run 'recorder db init'"),
        { Version: > FarmSchema.Version } => new(
            $"版本 {found.Version}, 比本程序的 {FarmSchema.Version} 新: 请使用更新的程序",
            $"version {found.Version}, newer than this program's {FarmSchema.Version}: use the newer program"),
        _ => new(
            $"版本 {found.Version}, 本程序需要 {FarmSchema.Version}, {found.Differences.Count} 处缺少或不同: 请运行 recorder db init",
            $"version {found.Version}, this program needs {FarmSchema.Version}; {found.Differences.Count} parts are missing or different: run 'recorder db init'"),
    };

    private static void Say(LocalizedText text) => Console.WriteLine($"{text.Chinese}\n{text.English}");
}
