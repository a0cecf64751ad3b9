using System.Text.RegularExpressions;

namespace OrleansRecorder.EndToEnd.Tests.Deployment;

public sealed partial class SettingTests
{
    private static readonly string Page = Checkout.Read("docs", "configuration.md");

    public static TheoryData<string, string> Settings
    {
        get
        {
            var found = Checkout.DeployedFiles.SelectMany(file => Variable().Matches(WithoutComments(file)).Select(m => (File: Path.GetRelativePath(Checkout.Root, file), Variable: m.Value)));
            var data = new TheoryData<string, string>();
            foreach (var (file, variable) in found.Distinct().Where(s => !ComposeOnly.Contains(s.Variable))) data.Add(file, variable);
            return data;
        }
    }

    // Read by docker compose itself, before any container starts.
    private static readonly string[] ComposeOnly = ["RECORDER_CONFIG", "RECORDER_PORT", "RECORDER_SECRETS"];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Every_setting_that_is_deployed_is_one_that_the_documentation_knows(string file, string variable)
    {
        var key = variable["RECORDER_".Length..].Replace("__", ":", StringComparison.Ordinal);

        Assert.True(Page.Contains($"`{key}`", StringComparison.Ordinal) || Page.Contains($"`{variable}`", StringComparison.Ordinal), $"{file}: docs/configuration.md has no {key}");
    }

    [Fact]
    public void What_only_compose_reads_is_explained_in_the_page_on_farms() =>
        Assert.All(ComposeOnly, variable => Assert.Contains($"`{variable}`", Checkout.Read("docs", "farm.md"), StringComparison.Ordinal));

    [Fact]
    public void No_deployed_file_holds_a_secret()
    {
        foreach (var file in Checkout.DeployedFiles.Where(f => !f.EndsWith("package-lock.json", StringComparison.Ordinal)))
        {
            var text = WithoutComments(file);
            var given = SecretValue().Matches(text).Select(m => m.Value);
            Assert.True(!given.Any(), $"{Path.GetRelativePath(Checkout.Root, file)} holds {string.Join(", ", given)}");
        }
    }

    private static string WithoutComments(string file) => Comment().Replace(File.ReadAllText(file), "");

    [GeneratedRegex(@"\bRECORDER_[A-Za-z]+(?:__[A-Za-z]+)*")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^\s*#.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    // Password=x in a connection, POSTGRES_PASSWORD: x, …__Secret=x, user:password@ in an address, a key in PEM.
    [GeneratedRegex(@"\bpassword=\w|POSTGRES_PASSWORD\s*[:=]\s*\S|__(?:Secret|Password)\s*[:=]\s*\S|://[^/\s""@:]+:[^/\s""@]+@|BEGIN [A-Z ]*PRIVATE KEY", RegexOptions.IgnoreCase)]
    private static partial Regex SecretValue();
}
