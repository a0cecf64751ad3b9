using OrleansRecorder.Settings;

namespace OrleansRecorder.FarmTests.Settings;

public sealed class SettingsTableTests
{
    [Fact]
    public void The_documentation_has_the_table_as_the_program_has_it()
    {
        var page = File.ReadAllText(Path.Combine(FindRoot(), "docs", "configuration.md"));

        Assert.Contains(HostSettingsTable.ToMarkdown(), page);
    }

    [Fact]
    public void Every_setting_has_a_name_and_an_option_of_its_own()
    {
        Assert.Distinct(HostSettingsTable.All.Select(setting => setting.Key.ToUpperInvariant()));
        Assert.Distinct(HostSettingsTable.All.Select(setting => setting.Option).OfType<string>());
    }

    [Fact]
    public void No_secret_can_be_given_on_the_command_line() =>
        Assert.All(HostSettingsTable.All.Where(setting => setting.Kind is SecretKind), setting => Assert.Null(setting.Option));

    [Fact]
    public void Every_secret_can_be_given_as_a_file() =>
        Assert.All(HostSettingsTable.All.Where(setting => setting.Kind is SecretKind), setting => Assert.NotNull(HostSettingsTable.Find(setting.Key + "File")));

    [Fact]
    public void Every_plain_default_is_what_the_setting_may_be()
    {
        var plain = HostSettingsTable.All.Where(setting => setting.Kind is WholeKind or SecondsKind or FlagKind or ListenKind or ChoiceKind && !setting.Default.Contains(' '));

        Assert.All(plain, setting => Assert.Null(setting.Kind.Problem(setting.Default)));
    }

    // A setting that no code reads would be a promise that nobody keeps.
    [Fact]
    public void Every_setting_is_read_somewhere()
    {
        var source = string.Concat(Directory.GetFiles(Path.Combine(FindRoot(), "src", "OrleansRecorder", "Settings"), "*Settings.cs").Select(File.ReadAllText));

        Assert.All(HostSettingsTable.All.Where(setting => !setting.Key.EndsWith("File", StringComparison.Ordinal) || setting.Key == "Config:File"),
            setting => Assert.Contains($"\"{setting.Key}\"", source));
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "OrleansRecorder.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not inside the repository");
        return folder;
    }
}
