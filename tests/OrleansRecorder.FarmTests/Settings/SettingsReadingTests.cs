using Npgsql;
using OrleansRecorder.Hosting;
using OrleansRecorder.Settings;
using OrleansRecorder.Testing;

namespace OrleansRecorder.FarmTests.Settings;

public sealed class SettingsReadingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        var file = Write("""{ "Node": { "Name": "of-file", "Archive": "of-file" }, "Cluster:Id": "of-file" }""");

        var settings = Read(file, new() { ["RECORDER_Node__Name"] = "of-environment", ["RECORDER_Node__Archive"] = "of-environment" }, ("Node:Name", "of-command-line"));

        Assert.Equal("of-command-line", settings.Text("Node:Name"));
        Assert.Equal("of-environment", settings.Text("Node:Archive"));
        Assert.Equal("of-file", settings.Text("Cluster:Id"));
        Assert.Null(settings.Text("Node:Capacity"));
    }

    [Fact]
    public void An_unknown_setting_in_the_file_is_refused_and_the_nearest_is_named()
    {
        var refused = Assert.Throws<StartupException>(() => Read(Write("""{ "Node": { "Capacty": 5 }, "Name": "x", "Nonsense": { "Deep": 1 } }"""), []));

        Assert.Contains("there is no setting Node:Capacty; did you mean Node:Capacity?", refused.Text.English);
        Assert.Contains("there is no setting Name; did you mean Node:Name?", refused.Text.English);
        Assert.Contains("there is no setting Nonsense:Deep", refused.Text.English);
        Assert.Contains("未知的设置 Node:Capacty, 是否应为 Node:Capacity?", refused.Text.Chinese);
    }

    [Fact]
    public void Every_wrong_value_is_told_at_once_in_both_languages()
    {
        var refused = Assert.Throws<StartupException>(() => Read(null, new() { ["RECORDER_Silo__Port"] = "70000", ["RECORDER_Health__Listen"] = "nowhere" }, ("Node:Name", "a b"), ("Node:GracePeriodSeconds", "soon")));

        Assert.Contains("RECORDER_Silo__Port: Silo:Port \"70000\" must be a whole number from 1 to 65535", refused.Text.English);
        Assert.Contains("Health:Listen \"nowhere\" must be an IP address", refused.Text.English);
        Assert.Contains("--node-name: Node:Name \"a b\"", refused.Text.English);
        Assert.Contains("--node-grace-period-seconds", refused.Text.English);
        Assert.Contains("必须是 1 到 65535 之间的整数", refused.Text.Chinese);
    }

    [Fact]
    public void One_file_serves_both_roles()
    {
        var file = Write("""{ "Api": { "Port": 9000 }, "Silo": { "Port": 9001 } }""");

        Assert.Null(Read(file, []).Text("Api:Port"));
        Assert.Equal("9000", HostSettings.Read(Roles.Api, file, [], new Dictionary<string, string>()).Text("Api:Port"));
    }

    [Fact]
    public void A_secret_comes_from_the_first_line_of_its_file()
    {
        File.WriteAllText(_folder["secret"], "hush\nmore\n");

        Assert.Equal("hush", Read(null, new() { ["RECORDER_Cluster__SecretFile"] = _folder["secret"] }).Text("Cluster:Secret"));
    }

    [Fact]
    public void A_secret_that_is_given_twice_or_in_a_missing_file_is_refused_without_being_shown()
    {
        File.WriteAllText(_folder["secret"], "hush\n");

        var twice = Assert.Throws<StartupException>(() => Read(null, new() { ["RECORDER_Cluster__SecretFile"] = _folder["secret"], ["RECORDER_Cluster__Secret"] = "quiet" }));
        var missing = Assert.Throws<StartupException>(() => Read(null, new() { ["RECORDER_Database__PasswordFile"] = _folder["nowhere"] }));
        var bad = Assert.Throws<StartupException>(() => Read(null, new() { ["RECORDER_Cluster__Secret"] = "qui\u0001et" }));

        Assert.Contains("not both", twice.Text.English);
        Assert.Contains(_folder["nowhere"], missing.Text.English);
        Assert.All(new[] { twice, bad }, e => Assert.DoesNotContain("hush", e.Text.English + e.Text.Chinese));
        Assert.All(new[] { twice, bad }, e => Assert.DoesNotContain("qui", e.Text.English + e.Text.Chinese));
    }

    [Fact]
    public void A_password_on_the_command_line_is_refused_without_being_shown()
    {
        var refused = Assert.Throws<StartupException>(() => Read(null, [], ("Database:Connection", "Host=db;Username=u;Password=hush")));

        Assert.Contains("Database:PasswordFile", refused.Text.English);
        Assert.DoesNotContain("hush", refused.Text.English + refused.Text.Chinese);
    }

    [Fact]
    public void The_short_variable_of_the_database_is_read_too() =>
        Assert.Equal("Host=db", Read(null, new() { ["RECORDER_Database"] = "Host=db" }).Text("Database:Connection"));

    [Fact]
    public void A_misspelt_variable_is_a_warning_and_a_foreign_one_is_nothing()
    {
        var settings = Read(null, new() { ["RECORDER_Node__Nmae"] = "x", ["RECORDER_FFMPEG_PATH"] = "/x", ["RECORDER_ZZZ"] = "x", ["PATH"] = "x" });

        Assert.Contains("RECORDER_Node__Name", Assert.Single(settings.Warnings).English);
    }

    [Fact]
    public void A_broken_file_is_told_with_its_line_and_none_of_its_text()
    {
        var refused = Assert.Throws<StartupException>(() => Read(Write("{\n \"Cluster:Secret\": \"hush\",,\n}"), []));

        Assert.Contains("line 2", refused.Text.English);
        Assert.DoesNotContain("hush", refused.Text.English + refused.Text.Chinese);
    }

    [Fact]
    public void A_connection_string_that_is_none_is_refused_without_being_shown()
    {
        var settings = Read(null, new() { ["RECORDER_Database"] = "Host=db;Pasword=hush" });

        var refused = Assert.Throws<StartupException>(() => SiloSettings.From(settings));

        Assert.Contains("Database:Connection", refused.Text.English);
        Assert.DoesNotContain("hush", refused.Text.English + refused.Text.Chinese);
    }

    [Fact]
    public void A_missing_database_is_told_with_the_ways_to_give_it()
    {
        var refused = Assert.Throws<StartupException>(() => SiloSettings.From(Read(null, [])));

        Assert.Contains("RECORDER_Database__Connection", refused.Text.English);
        Assert.Contains("--database", refused.Text.English);
    }

    [Fact]
    public void Without_a_secret_a_silo_is_on_loopback_alone()
    {
        Assert.Equal("127.0.0.1", SiloSettings.From(Read(null, new() { ["RECORDER_Database"] = "Host=db" })).Address);
        Assert.Null(SiloSettings.From(Read(null, new() { ["RECORDER_Database"] = "Host=db", ["RECORDER_Cluster__Secret"] = "hush" })).Address);
    }

    [Fact]
    public void What_a_connection_does_not_say_is_set_for_the_farm_and_what_it_says_is_kept()
    {
        var plain = new NpgsqlConnectionStringBuilder(SiloSettings.From(Read(null, new() { ["RECORDER_Database"] = "Host=db;Username=u" })).Farm.ConnectionString);
        var told = new NpgsqlConnectionStringBuilder(SiloSettings.From(Read(null, new() { ["RECORDER_Database"] = "Host=db;MaxPoolSize=7;Timeout=9;Max Auto Prepare=0" })).Farm.ConnectionString);

        Assert.Equal((20, 5, 10, true, 40, "u"), (plain.MaxPoolSize, plain.Timeout, plain.CommandTimeout, plain.NoResetOnClose, plain.MaxAutoPrepare, plain.Database));
        Assert.Equal((7, 9, 0), (told.MaxPoolSize, told.Timeout, told.MaxAutoPrepare));
    }

    public void Dispose() => _folder.Dispose();

    private static HostSettings Read(string? file, Dictionary<string, string> variables, params (string Key, string Value)[] options) =>
        HostSettings.Read(Roles.Silo, file, options.Select(option => (HostSettingsTable.Find(option.Key)!, option.Value)), variables);

    private string Write(string text)
    {
        File.WriteAllText(_folder["settings.json"], text);
        return _folder["settings.json"];
    }
}
