using OrleansRecorder.Testing;
using Xunit.Abstractions;

namespace OrleansRecorder.EndToEnd.Tests.Deployment;

public sealed class SystemdTests(ITestOutputHelper output)
{
    public static TheoryData<string> Units => [.. Directory.GetFiles(Checkout.At("deploy", "systemd"), "*.service").Select(f => Path.GetFileName(f))];

    [Theory]
    [MemberData(nameof(Units))]
    public async Task Every_unit_is_one_that_systemd_accepts_without_a_warning(string unit)
    {
        var text = Checkout.Read("deploy", "systemd", unit);
        MustHoldSettingsOnly(text);
        if (Checkout.Program("systemd-analyze") is not { } checker)
        {
            output.WriteLine("systemd-analyze is not on this machine: only the form of the unit was checked");
            return;
        }

        // It looks whether the program is there; the product is not installed here.
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder[unit], text.Replace("/opt/orleans-recorder/recorder", "/bin/true", StringComparison.Ordinal));
        var run = await Shell.Run(checker, "verify", "--man=no", folder[unit]);
        Assert.True(run.ExitCode == 0 && !run.Errors.Contains(unit, StringComparison.Ordinal), run.Text + run.Errors);
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void Every_unit_comes_back_after_its_process_has_ended_drains_and_runs_without_rights(string unit)
    {
        var text = Checkout.Read("deploy", "systemd", unit);

        Assert.Equal(["always"], Values(text, "Restart"));
        Assert.Equal(["0"], Values(text, "StartLimitIntervalSec"));
        Assert.Equal(["recorder"], Values(text, "User"));
        Assert.Equal([""], Values(text, "CapabilityBoundingSet"));
        Assert.Equal(["strict"], Values(text, "ProtectSystem"));
        Assert.True(int.Parse(Values(text, "TimeoutStopSec").Single(), null) > 25, "a process must have its 25 s (Shutdown:LimitSeconds) to end");
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void Every_environment_file_that_a_unit_reads_has_an_example(string unit) =>
        Assert.All(Values(Checkout.Read("deploy", "systemd", unit), "EnvironmentFile"), file => Assert.True(File.Exists(Checkout.At("deploy", "systemd", Path.GetFileName(file))), file));

    private static void MustHoldSettingsOnly(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith('#')).ToList();
        Assert.All(lines, line => Assert.Matches(@"^(\[(Unit|Service|Install)\]|[A-Z][A-Za-z]+=.*)$", line));
        Assert.Equal(["[Unit]", "[Service]", "[Install]"], lines.Where(l => l.StartsWith('[')));
    }

    private static IEnumerable<string> Values(string unit, string name) =>
        unit.Split('\n').Where(l => l.StartsWith(name + "=", StringComparison.Ordinal)).Select(l => l[(name.Length + 1)..]);
}
