using System.Globalization;
using OrleansRecorder.Testing;
using Xunit.Abstractions;

namespace OrleansRecorder.EndToEnd.Tests.Deployment;

public sealed class ComposeTests(ITestOutputHelper output)
{
    private static readonly Yaml Compose = Yaml.Load(Checkout.At("docker-compose.yml")).Single();

    private static readonly string[] RunOnce = ["db-init", "config-init"];

    public static TheoryData<string> Services => [.. Compose["services"].Entries.Keys];

    [Fact]
    public async Task Compose_accepts_the_file()
    {
        foreach (var (program, command) in new[] { ("docker", "docker compose"), ("docker-compose", "docker-compose") })
        {
            if (Checkout.Program(program) is null || (await Shell.Run("/bin/bash", "-c", $"{command} version")).ExitCode != 0) continue;
            using var secrets = new TemporaryFolder();
            await Checkout.MustSucceed(Checkout.Root, $"RECORDER_SECRETS='{secrets.Path}' {command} config --quiet");
            output.WriteLine($"checked by {command}");
            return;
        }

        // The other tests here read the same file: names that lead nowhere are found by them.
        output.WriteLine("neither 'docker compose' nor 'docker-compose' is on this machine: the file was checked by this program alone");
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Every_name_that_a_service_uses_leads_somewhere(string name)
    {
        var service = Compose[$"services.{name}"];

        Assert.All(service["networks"].Texts, network => Assert.Contains(network!, Compose["networks"].Entries.Keys));
        Assert.All(service["secrets"].Texts, secret => Assert.Contains(secret!, Compose["secrets"].Entries.Keys));
        Assert.All(service["depends_on"].Entries.Keys.Concat(service["depends_on"].Texts.Select(t => t!)), other => Assert.Contains(other, Compose["services"].Entries.Keys));
        foreach (var source in service["volumes"].Texts.Select(v => v!).Where(v => !v.StartsWith('$')).Select(v => v.Split(':')[0]))
        {
            if (source.StartsWith('.')) Assert.True(Path.Exists(Checkout.At(source)), source);
            else Assert.Contains(source, Compose["volumes"].Entries.Keys);
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Every_service_is_pinned_hardened_watched_and_comes_back(string name)
    {
        var service = Compose[$"services.{name}"];

        Assert.Matches(@":\d+\.\d+[\w.-]*$", service["image"].Text);
        Assert.NotNull(service["user"].Text);
        Assert.False(service["user"].Text!.StartsWith("0:", StringComparison.Ordinal) || service["user"].Text == "root");
        Assert.Equal("true", service["read_only"].Text);
        Assert.Equal(["ALL"], service["cap_drop"].Texts);
        Assert.Contains("no-new-privileges:true", service["security_opt"].Texts);
        Assert.Equal(RunOnce.Contains(name) ? "on-failure" : "unless-stopped", service["restart"].Text);
        if (RunOnce.Contains(name)) return;
        Assert.NotEmpty(service["healthcheck.test"].Texts);
        Assert.NotNull(service["stop_grace_period"].Text);
    }

    [Fact]
    public void A_silo_has_time_to_drain_before_it_is_killed()
    {
        foreach (var silo in Compose["services"].Entries.Where(s => s.Key.StartsWith("silo-", StringComparison.Ordinal)).Select(s => s.Value))
        {
            var limit = Seconds(silo["environment.RECORDER_Shutdown__LimitSeconds"].Text!);
            Assert.True(Seconds(silo["environment.RECORDER_Node__GracePeriodSeconds"].Text!) < limit);
            Assert.True(limit < Seconds(silo["stop_grace_period"].Text!.TrimEnd('s')));
        }
    }

    [Fact]
    public void Every_silo_has_a_name_an_address_and_an_archive_of_its_own()
    {
        var silos = Compose["services"].Entries.Where(s => s.Key.StartsWith("silo-", StringComparison.Ordinal)).ToList();

        Assert.Equal(3, silos.Count);
        Assert.All(silos, silo => Assert.Equal((silo.Key, silo.Key),
            (silo.Value["environment.RECORDER_Node__Name"].Text, silo.Value["environment.RECORDER_Silo__Address"].Text)));
        Assert.Equal(3, silos.Select(s => s.Value["volumes"].Texts.Single(v => v!.EndsWith(":/archive", StringComparison.Ordinal))).Distinct().Count());
    }

    [Fact]
    public void Only_the_load_balancer_is_reachable_from_outside() =>
        Assert.Equal(["nginx"], Compose["services"].Entries.Where(s => s.Value["ports"].Exists).Select(s => s.Key));

    [Fact]
    public void Nginx_asks_every_API_that_there_is() =>
        Assert.All(Compose["services"].Entries.Keys.Where(k => k.StartsWith("api-", StringComparison.Ordinal)),
            api => Assert.Contains($"server {api}:8080 ", Checkout.Read("deploy", "nginx", "upstream.conf"), StringComparison.Ordinal));

    private static double Seconds(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
