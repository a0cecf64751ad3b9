using Npgsql;
using OrleansRecorder.Testing;

namespace OrleansRecorder.Database.Tests.Schema;

/// <summary>The command as people run it.</summary>
[Collection(nameof(FarmServer))]
public sealed class DbCommandTests(FarmServer farm)
{
    private static string Recorder => Path.Combine(AppContext.BaseDirectory, "recorder.dll");

    [Fact]
    public async Task Status_fails_until_the_tables_are_made_and_says_what_is_missing()
    {
        var database = await farm.Server.CreateEmptyDatabase();

        var before = await Db("status", "--database", database);
        Assert.Equal(1, before.ExitCode);
        Assert.Contains("missing: table orleansstorage", before.Text);
        Assert.Contains("缺少", before.Text);

        var init = await Db("init", "--database", database);
        Assert.Equal((0, ""), (init.ExitCode, init.Errors));
        Assert.Contains("made the tables", init.Text);

        var after = await Db("status", "--database", database);
        Assert.Equal((0, ""), (after.ExitCode, after.Errors));
        Assert.Contains("all is right", after.Text);
    }

    [Fact]
    public async Task The_connection_string_may_come_from_the_environment()
    {
        var database = await farm.Server.CreateDatabase();
        var output = await Shell.Run("env", $"RECORDER_Database={database}", "dotnet", Recorder, "db", "status");
        Assert.Equal((0, ""), (output.ExitCode, output.Errors));
    }

    [Fact]
    public async Task The_password_may_come_from_the_file_that_silos_and_APIs_read()
    {
        using var folder = new TemporaryFolder();
        var database = new NpgsqlConnectionStringBuilder(await farm.Server.CreateDatabase()) { Password = null };
        await File.WriteAllTextAsync(folder["password"], farm.Server.Password + "\n");
        var output = await Shell.Run("env", $"RECORDER_Database={database.ConnectionString}", $"RECORDER_Database__PasswordFile={folder["password"]}", "dotnet", Recorder, "db", "status");
        Assert.Equal((0, ""), (output.ExitCode, output.Errors));

        var without = await Shell.Run("env", "-u", "RECORDER_Database__PasswordFile", $"RECORDER_Database={database.ConnectionString}", "dotnet", Recorder, "db", "status");
        Assert.Equal(2, without.ExitCode);
    }

    [Fact]
    public async Task Without_a_connection_string_it_says_where_to_put_one()
    {
        var output = await Shell.Run("env", "-u", "RECORDER_Database", "dotnet", Recorder, "db", "init");
        Assert.Equal(2, output.ExitCode);
        Assert.Contains("RECORDER_Database", output.Errors);
        Assert.Contains("--database", output.Errors);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_an_error_of_its_own_without_the_password()
    {
        var output = await Db("status", "--database", $"{await farm.Server.CreateDatabase()};Port=1");
        Assert.Equal(2, output.ExitCode);
        Assert.Contains("cannot be reached", output.Errors);
        Assert.Contains("无法连接", output.Errors);
        Assert.DoesNotContain(farm.Server.Password, output.Errors + output.Text);
    }

    private static Task<Shell.Output> Db(params string[] arguments) => Shell.Run("dotnet", [Recorder, "db", .. arguments]);
}
